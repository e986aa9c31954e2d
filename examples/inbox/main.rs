//! Threads real mail and says, for each message, which thread and which conversation it belongs to, and why.
//!
//! `cargo run --release --example inbox --features mime -- [--json] [--entry-point <address>] <mbox, folder or file> …`

#![expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example prints, reads its arguments and measures time"
)]

mod centre;
mod mbox;
mod show;

use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use outbound::mail::{ParsedMail, automatic, read_mail, report};
use outbound::threading::{Forest, Node};

use crate::centre::Centre;
use crate::show::{Line, Summary};

/// What was asked for on the command line.
#[derive(Default)]
struct Options {
    json: bool,
    entry_point: Option<String>,
    paths: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\nusage: inbox [--json] [--entry-point <address>] <mbox, folder or file> …");
            return ExitCode::from(2);
        }
    };
    let began = Instant::now();
    let (mails, problems) = read(&options.paths);
    let read_in = began.elapsed();
    let entry_point = options.entry_point.clone().unwrap_or_else(|| centre::guess_entry_point(&mails));
    eprintln!("{} mails; the entry point is {entry_point:?}", mails.len());
    match print(&options, &entry_point, &mails) {
        Ok(summary) => eprintln!("{}", summary.told(read_in, began.elapsed())),
        // Whoever reads our output has enough of it.
        Err(_) => return ExitCode::SUCCESS,
    }
    if problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options() -> Result<Options, String> {
    let mut options = Options::default();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--json") => options.json = true,
            Some("--entry-point") => {
                let address = arguments.next().and_then(|address| address.into_string().ok());
                options.entry_point = Some(address.ok_or("--entry-point needs an address")?);
            }
            Some(other) if other.starts_with("--") => return Err(format!("{other} is no option")),
            _ => options.paths.push(argument.into()),
        }
    }
    if options.paths.is_empty() { Err("no mail was named".into()) } else { Ok(options) }
}

/// Every mail of some files and folders, without its files, and how many paths could not be read.
fn read(paths: &[PathBuf]) -> (Vec<ParsedMail>, usize) {
    let (mut mails, mut problems) = (Vec::new(), 0);
    for path in paths.iter().flat_map(|path| mbox::files(path)) {
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(problem) => {
                eprintln!("{}: {problem}", path.display());
                problems += 1;
                continue;
            }
        };
        for raw in mbox::mails(&path, &bytes) {
            let mut mail = read_mail(&raw);
            mail.attachments.clear();
            mail.html = None;
            mails.push(mail);
            if mails.len() % 10_000 == 0 {
                eprintln!("{} mails read", mails.len());
            }
        }
    }
    (mails, problems)
}

fn print(options: &Options, entry_point: &str, mails: &[ParsedMail]) -> std::io::Result<Summary> {
    let mut forest = Forest::new();
    let nodes: Vec<Node> = mails
        .iter()
        .map(|mail| {
            let headers = &mail.headers;
            forest.insert(headers.message_id.as_ref(), &headers.in_reply_to, &headers.references)
        })
        .collect();
    let mut threads = show::Numbers::new(&forest);
    let mut centre = Centre::new(entry_point);
    let mut summary = Summary::default();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for ((mail, node), number) in mails.iter().zip(nodes).zip(1..) {
        let report = report(mail);
        let automatic = if report.is_none() { automatic(&mail.headers, &[]) } else { None };
        let place = centre.take(mail, report.as_ref());
        let line = Line { number, mail, thread: threads.of(node), place, automatic, report };
        summary.count(&line);
        if options.json {
            line.write_json(&mut out)?
        } else {
            line.write(&mut out)?
        }
        if number % 10_000 == 0 {
            eprintln!("{number} of {} mails threaded", mails.len());
        }
    }
    out.flush()?;
    Ok(summary)
}
