//! Threads real mail and says, for each message, which thread and which conversation it belongs to, and why.
//!
//! `cargo run --release --example inbox --features mime -- [--json] [--entry-point <address>] <mbox, folder or file> …`
//!
//! `--help` tells what is printed. Standard output has the mails only, in the order in which they were read (files by name);
//! progress and a summary go to standard error.

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

const USAGE: &str = "usage: inbox [--json] [--entry-point <address>] <mbox, folder or file> …";

const HELP: &str = "\
Reads each file as an mbox where it begins by `From `, and as one mail otherwise or where it is named .eml.
--entry-point  the address whose mail this is; without it, the one that most mails went to

Each mail is one line, with its evidence on lines of their own below it:
  number  <Message-ID>  thread N  conversation N  by (confidence)  [automatic kind]  [report]

--json prints one JSON object a line instead:
  number        from 1, in the order of reading
  message_id    without angle brackets, or null
  thread        by Message-ID, In-Reply-To and References alone: the number of the first mail of the thread that was read
  conversation  whose conversation it joined or began, from 1, or null
  new           whether it began that conversation
  ours          whether the entry point wrote it
  by            what decided: own_id, in_reply_to, references, address, new, nothing, quarantine, …
  confidence    how sure that is
  evidence      everything that was looked at, a sentence each
  automatic     null, or its kind, whether that is certain, and the headers that say so
  report        null, or {delivery|read|complaint: …}: a bounce has action, status, is_hard, recipients, original_ids";

/// What was asked for on the command line.
#[derive(Default)]
struct Options {
    json: bool,
    help: bool,
    entry_point: Option<String>,
    paths: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.help {
        eprintln!("{USAGE}\n\n{HELP}");
        return ExitCode::SUCCESS;
    }
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
            Some("--help" | "-h") => options.help = true,
            Some("--entry-point") => {
                let address = arguments.next().and_then(|address| address.into_string().ok());
                options.entry_point = Some(address.ok_or("--entry-point needs an address")?);
            }
            Some(other) if other.starts_with("--") => return Err(format!("{other} is no option")),
            _ => options.paths.push(argument.into()),
        }
    }
    if options.paths.is_empty() && !options.help { Err("no mail was named".into()) } else { Ok(options) }
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
        let line = Line { number, mail, thread: threads.of(node, number), place, automatic, report };
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
