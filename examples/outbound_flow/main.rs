//! The whole story of agent-initiated conversations, told in a terminal.
//!
//! ```text
//! cargo run --example outbound_flow                      # plays examples/organization.json
//! cargo run --example outbound_flow -- my.json           # plays an organization of your own
//! ```
//!
//! The story picks its actors by what they can do, so any organization will do; a chapter that lacks an actor says so.
//!
//! - `main.rs` reads the organization and calls the chapters one after the other;
//! - `story.rs` is what a host has: a desk, a clock, command ids, and a provider to deliver through;
//! - `chapters/` is what people do with it;
//! - `cast.rs` finds people by what they can do;
//! - `provider.rs` is a provider that prints what it is asked to send;
//! - `screen.rs` writes it all down.
#![expect(clippy::print_stderr, reason = "an example talks to a person")]

mod cast;
mod chapters;
mod provider;
mod screen;
mod story;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use outbound::directory::{Directory, Setup};

use crate::story::{Interrupted, Story};

fn main() -> ExitCode {
    match read_organization(&path()).and_then(|directory| tell(Story::new(directory))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The file that was named, or the one beside this example.
fn path() -> PathBuf {
    let ours = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/organization.json"));
    std::env::args_os().nth(1).map_or_else(ours, PathBuf::from)
}

/// Reading is two steps: the document's form, then everything that it says. The second names every problem at once.
fn read_organization(path: &PathBuf) -> Result<Directory, Box<dyn Error>> {
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
    let setup: Setup = serde_json::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    let directory = Directory::new(setup).map_err(|errors| {
        let problems: String = errors.problems().iter().map(|problem| format!("\n  {problem}")).collect();
        format!("{file} is not a sound set-up:{problems}")
    })?;
    Ok(directory)
}

fn tell(mut story: Story) -> Result<(), Box<dyn Error>> {
    for (number, (title, chapter)) in (1..).zip(chapters::ALL) {
        story.screen.heading(number, title);
        match chapter(&mut story) {
            Ok(()) => {}
            Err(Interrupted::Skipped(why)) => story.screen.note(&format!("Skipped: {why}.")),
            Err(Interrupted::Refused(refusals)) => {
                story.screen.refused(&refusals);
                story.screen.note("The chapter ends here, since this organization does not allow it.");
            }
            Err(Interrupted::Failed(error)) => return Err(error),
        }
    }
    Ok(())
}
