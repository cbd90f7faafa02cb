import puppeteer from 'puppeteer-core';
import { createServer } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
const types={html:'text/html',css:'text/css',js:'text/javascript',wasm:'application/wasm',woff2:'font/woff2',svg:'image/svg+xml',json:'application/json'};
const s=createServer((q,r)=>{const p='../../target/book'+decodeURI(new URL(q.url,'http://x').pathname); if(!existsSync(p)){r.writeHead(404);return r.end();} r.writeHead(200,{'content-type':types[p.split('.').pop()]??'text/plain'}); r.end(readFileSync(p));}).listen(0);
const base=`http://localhost:${s.address().port}/`;
const b=await puppeteer.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await b.newPage(); p.on('pageerror',e=>console.log('ERR',e.message)); p.on('console',m=>console.log(m.text()));
const go=async(hash,w,theme)=>{ await p.setViewport({width:w,height:900}); await p.goto(base+'worksheet.html'); await p.evaluate(t=>{localStorage.setItem('mdbook-theme',t)},theme); await p.goto('about:blank'); await p.goto(base+'worksheet.html'+hash); await new Promise(r=>setTimeout(r,900)); };
await go('',1200,'light'); await p.screenshot({path:'/tmp/ws/p-light.png',fullPage:true});
await go('#kind=graph&seed=3',1200,'coal'); await p.screenshot({path:'/tmp/ws/p-dark.png',fullPage:true});
await go('',360,'navy'); await p.screenshot({path:'/tmp/ws/p-360.png',fullPage:true}); console.log('overflow', await p.evaluate(()=>document.documentElement.scrollWidth));
await go('#kind=wrong-line&seed=4',360,'navy'); await p.screenshot({path:'/tmp/ws/p-360b.png',fullPage:true}); console.log('overflow', await p.evaluate(()=>document.documentElement.scrollWidth));
await go('#kind=network&seed=3',1200,'coal');
await p.type('#worksheet-names','Ada\n<b>Bob</b>\nCy'); console.log(await p.$eval('#worksheet-said',e=>e.textContent));
for (const [i,w] of ['sheets','keys'].entries()) { await p.evaluate(w=>{window.print=()=>{}; document.getElementById('worksheet-print-'+w).click()},w); await p.pdf({path:`/tmp/ws/page-${w}.pdf`,format:'A4'}); }
await b.close(); s.close();
