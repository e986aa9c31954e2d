//! What a person reads: plain text, with a little colour where a terminal shows it and `NO_COLOR` does not forbid it.

use std::fmt::Arguments;
use std::io::{IsTerminal, Write, stdout};

use chrono::{DateTime, Utc};
use outbound::engine::Explanation;
use outbound::policy::Check;
use outbound::refusal::{Language, Refusal, Refusals, Retry};

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";

#[derive(Clone, Copy)]
pub(crate) struct Screen {
    colours: bool,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { colours: wanted && stdout().is_terminal() }
    }

    /// A reader who has seen enough (`| head`) is no error.
    fn line(self, style: &str, text: Arguments<'_>) {
        let _ = if self.colours && !style.is_empty() {
            writeln!(stdout(), "{style}{text}\x1b[0m")
        } else {
            writeln!(stdout(), "{text}")
        };
    }

    pub(crate) fn heading(self, number: usize, title: &str) {
        self.line("", format_args!(""));
        self.line(BOLD, format_args!("{number}. {title}"));
        self.line(DIM, format_args!("{}", "-".repeat(78)));
    }

    /// Somebody does something.
    pub(crate) fn act(self, at: DateTime<Utc>, who: &str, what: &str) {
        self.line("", format_args!("{}  {who} {what}", at.format("%H:%M:%S")));
    }

    /// What comes of it.
    pub(crate) fn answer(self, text: &str) {
        self.line("", format_args!("          -> {text}"));
    }

    /// A remark of the narrator.
    pub(crate) fn note(self, text: &str) {
        self.line(DIM, format_args!("          {text}"));
    }

    pub(crate) fn refused(self, refusals: &Refusals) {
        self.line(RED, format_args!("          -> refused:"));
        for refusal in refusals.iter() {
            self.reason(refusal);
        }
    }

    fn reason(self, refusal: &Refusal) {
        self.line(RED, format_args!("             {} ({})", refusal.code(), refusal.rule()));
        self.line("", format_args!("               why:    {}", refusal.says(Language::English)));
        self.line("", format_args!("               remedy: {}", refusal.remedy(Language::English)));
        self.line("", format_args!("               again:  {}", again(refusal.retry())));
    }

    pub(crate) fn explained(self, explanation: &Explanation) {
        let verdict = if explanation.is_allowed() { "it would be done" } else { "it would be refused" };
        self.answer(&format!("{verdict}; these reasons were looked for (ok: does not apply)"));
        for check in &explanation.checks {
            self.check(check);
        }
    }

    fn check(self, check: &Check) {
        let facts = check.facts().iter().map(|fact| format!("{} {}", fact.name(), fact.value()));
        let facts: Vec<String> = facts.filter(|fact| !fact.ends_with(' ')).collect();
        let (style, mark) = if check.holds() { (GREEN, "ok") } else { (RED, "no") };
        let rule = check.rule().to_string();
        let code = check.code().as_str();
        self.line(style, format_args!("             {mark} {rule:<4}{code:<30}{}", facts.join(", ")));
    }
}

/// When asking again could succeed: what the hint says, in fewer words than it does.
fn again(retry: Retry) -> String {
    match retry {
        Retry::At(time) => format!("at {}", time.format("%H:%M:%S")),
        Retry::WhenChanged(key) => format!("when the {} changes", key.kind().as_str()),
        other => other.to_string(),
    }
}
