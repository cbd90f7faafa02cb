// Starts the slides on a screen that is wide enough for them. On a phone, without scripts and on
// paper the lecture is a page to be read from top to bottom.

const asked = new URLSearchParams(location.search);

// The window with the notes shows the slides in small frames.
const inNotes = asked.has('receiver');

if (asked.has('print-pdf') || inNotes || matchMedia('(min-width: 700px)').matches) {
  // On paper the page keeps its own style, but where a page is to hold a slide.
  document.getElementById('reveal-style').media = asked.has('print-pdf') ? 'all' : 'screen';
  document.documentElement.classList.add('slideshow');
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    controls: false,
    center: false,
    display: 'flex',
    hash: true,
    transition: 'none',
    backgroundTransition: 'none',
    slideNumber: 'c/t',
    // A narrow window shows small slides, not a page of them.
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    // The notes show how far behind or ahead one is; each slide says how long it takes.
    defaultTiming: 0,
    plugins: [RevealNotes],
  });
}

// What scrolls is reached by keyboard, too.
const reach = () => {
  for (const box of document.querySelectorAll('.katex-display, pre, .table, figure')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
};
addEventListener('resize', reach);
document.fonts.ready.then(reach);
