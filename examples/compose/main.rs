//! What a desk can show before a message is sent: what would leave, to whom, when, and every reason why not.
//!
//! ```text
//! cargo run --example compose
//! cargo run --example compose -- sms "+5511961234567" "Olá, o seu voo é às 9h"     # a text message of your own
//! cargo run --example compose -- mail maria@example.com "Your trip" "<p>Hello</p>" [image.png …]
//! cargo run --example compose --features chrono-tz,html                             # zones by name; HTML cleaned
//! ```
//!
//! Nothing is sent by a preview: the desk answers questions. An image of your own is shown as `<img src="inline:its-file-name">`.
//!
//! - `main.rs` reads the arguments;
//! - `centre.rs` is the organization, its desk, and what happened before;
//! - `texts.rs` shows text messages: encoding, parts, what they cost;
//! - `recipients.rs` shows who may get one, and when;
//! - `mails.rs` shows e-mails: template, HTML, images, attachments, subject;
//! - `screen.rs` prints tables.
#![expect(clippy::print_stderr, reason = "an example talks to a person")]

mod centre;
mod mails;
mod recipients;
mod screen;
mod texts;

use std::error::Error;
use std::process::ExitCode;

use crate::centre::Centre;

/// What went wrong, for a person to read.
type Shown<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match show(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn show(arguments: &[&str]) -> Shown {
    let mut centre = Centre::open(|_| {})?;
    match arguments {
        [] => {
            texts::all(&centre)?;
            recipients::all(&mut centre)?;
            mails::all(&mut centre)?;
            further();
            Ok(())
        }
        ["sms", to, text] => {
            texts::one(&centre, text)?;
            recipients::one(&centre, to, text)
        }
        ["mail", to, subject, body, images @ ..] => mails::one(&centre, to, subject, body, images),
        _ => Err("compose [sms TO TEXT | mail TO SUBJECT TEXT-OR-HTML [IMAGE …]]".into()),
    }
}

/// What a build with more features would show.
fn further() {
    let zones =
        (!cfg!(feature = "chrono-tz"), "chrono-tz: zones by name; without it, every zone of the world must be awake");
    let html = (!cfg!(feature = "html"), "html: HTML is cleaned; without it, it passes as it is");
    let lacking: Vec<_> = [zones, html].into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect();
    if !lacking.is_empty() {
        screen::heading("What more features would add (--features chrono-tz,html)");
        lacking.into_iter().for_each(screen::line);
    }
}
