//! A function in one process, called from another.
//!
//! A message is a byte that says its kind, the length of its body in four bytes, and the body as
//! `postcard` writes it: all digits of a number, NaN and infinities included. The caller sends the
//! arguments. The other side answers with the result, or first asks, as often as it likes, for
//! values of a function that is one of the arguments.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic::resume_unwind;
use std::thread;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The arguments of a call, or the value of a function that was asked for.
const GIVEN: u8 = 0;
/// A question: at which arguments a function's value is asked for.
const ASKED: u8 = 1;
/// The result of a call.
const RESULT: u8 = 2;

/// The longest body that is read: a result may come from anywhere.
const LONGEST: usize = 64 << 20;

/// What a stream of messages came to that is none.
fn wrong(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

fn send(stream: &mut impl Write, kind: u8, body: &impl Serialize) -> io::Result<()> {
    let body = postcard::to_stdvec(body).map_err(io::Error::other)?;
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    let mut message = vec![kind];
    message.extend(length.to_le_bytes());
    message.extend(body);
    stream.write_all(&message)
}

/// A message; nothing where the stream ends before one.
fn receive(stream: &mut impl Read) -> io::Result<Option<(u8, Vec<u8>)>> {
    let mut kind = [0];
    if stream.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST {
        let message = format!("a message: expected at most {LONGEST} bytes, found {length}");
        return Err(wrong(message));
    }
    // Grows with what comes, not with what was announced.
    let mut body = Vec::new();
    stream.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((kind[0], body)))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> io::Result<T> {
    postcard::from_bytes(body).map_err(|error| wrong(format!("a message: {error}")))
}

/// Calls the function at the other end, and answers what it asks for.
///
/// # Errors
///
/// When the other end is gone, or what it sends is no result.
pub fn call<Arguments, Question, Found>(
    stream: &mut (impl Read + Write),
    arguments: &Arguments,
    mut answer: impl FnMut(Question) -> f64,
) -> io::Result<Found>
where
    Arguments: Serialize,
    Question: DeserializeOwned,
    Found: DeserializeOwned,
{
    send(stream, GIVEN, arguments)?;
    loop {
        match receive(stream)? {
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some((ASKED, body)) => send(stream, GIVEN, &answer(read(&body)?))?,
            Some((RESULT, body)) => return read(&body),
            Some((kind, _)) => {
                let message =
                    format!("a message: expected the kind {ASKED} or {RESULT}, found {kind}");
                return Err(wrong(message));
            }
        }
    }
}

/// Answers calls of `function` at the other end of the standard input, a socket, until they end.
/// The second argument asks the caller for a value of a function that is one of the arguments.
///
/// Standard output stays free for what `function` prints. A broken line ends the calls: who is to
/// hear of it is no longer there.
pub fn serve<Arguments, Question, Found>(
    function: impl FnMut(Arguments, &dyn Fn(&Question) -> f64) -> Found + Send + 'static,
) where
    Arguments: DeserializeOwned,
    Question: Serialize,
    Found: Serialize,
{
    // On a thread, whose end of the stack is known where nothing can be read: an endless recursion
    // says that it is one.
    let thread = thread::Builder::new().name("answer".to_owned());
    let served = thread.spawn(|| {
        let stream = io::stdin().as_fd().try_clone_to_owned()?;
        answer(File::from(stream), function)
    });
    match served.map(|served| served.join()) {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) | Err(error) => eprintln!("the line to the judge broke: {error}"),
        Ok(Err(panic)) => resume_unwind(panic),
    }
}

fn answer<Arguments, Question, Found>(
    stream: impl Read + Write,
    mut function: impl FnMut(Arguments, &dyn Fn(&Question) -> f64) -> Found,
) -> io::Result<()>
where
    Arguments: DeserializeOwned,
    Question: Serialize,
    Found: Serialize,
{
    let stream = RefCell::new(stream);
    let value = |question: &Question| -> io::Result<f64> {
        let stream = &mut *stream.borrow_mut();
        send(stream, ASKED, question)?;
        let (_, body) = receive(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        read(&body)
    };
    // Without a value: the next message finds the line broken, too.
    let ask = |question: &Question| value(question).unwrap_or(f64::NAN);
    loop {
        // Not held while the function runs, which asks through the same stream.
        let message = receive(&mut *stream.borrow_mut())?;
        let Some((_, body)) = message else {
            return Ok(());
        };
        let found = function(read(&body)?, &ask);
        send(&mut *stream.borrow_mut(), RESULT, &found)?;
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    /// The caller's end of a line to `function`.
    fn line<A: DeserializeOwned, F: Serialize>(
        function: impl Fn(A, &dyn Fn(&f64) -> f64) -> F + Send + 'static,
    ) -> UnixStream {
        let (near, far) = UnixStream::pair().unwrap();
        thread::spawn(move || answer(far, function));
        near
    }

    #[test]
    fn all_digits_arrive_and_a_function_is_asked() {
        let mut near = line(|x: f64, ask| ask(&(x + 1.0)));
        for x in [0.1, f64::INFINITY, f64::NAN, -0.0] {
            let found: f64 = call(&mut near, &x, |x: f64| 3.0 * x).unwrap();
            assert_eq!(found.to_bits(), (3.0 * (x + 1.0)).to_bits());
        }
    }

    /// What a call finds where a stream answers with these bytes.
    fn found(bytes: &[u8]) -> String {
        let (mut near, mut far) = UnixStream::pair().unwrap();
        far.write_all(bytes).unwrap();
        far.shutdown(std::net::Shutdown::Write).unwrap();
        let found: io::Result<Vec<f64>> = call(&mut near, &(), |()| 0.0);
        found.unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_result_is_an_error() {
        assert!(found(b"").contains("end of file"));
        assert!(found(b"done: 16 of 16").contains("expected at most"));
        assert!(found(&[9, 0, 0, 0, 0]).contains("found 9"));
        assert!(found(&[RESULT, 9, 0, 0, 0, 1]).contains("end of file"));
        // A list of 2⁵⁶ numbers, of which none follows.
        let mut list = vec![RESULT, 9, 0, 0, 0];
        list.extend([0x80; 8]);
        list.push(1);
        assert!(found(&list).contains("a message: "));
    }
}
