//! What is printed: a line for each mail, and a summary.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use outbound::mail::{Automatic, ParsedMail, Report};
use outbound::model::{BoundTo, Evidence};
use outbound::threading::{Forest, Node};
use serde_json::json;

use crate::centre::{Place, original_ids};

/// Threads by the number of their first mail.
pub(crate) struct Numbers {
    roots: Vec<Node>,
    numbers: BTreeMap<Node, usize>,
}

impl Numbers {
    pub(crate) fn new(forest: &Forest) -> Self {
        Self { roots: forest.roots(), numbers: BTreeMap::new() }
    }

    /// The thread of a mail, given with its own number.
    pub(crate) fn of(&mut self, node: Node, number: usize) -> usize {
        let root = self.roots.get(node.index()).copied().unwrap_or(node);
        *self.numbers.entry(root).or_insert(number)
    }
}

/// All that is said about one mail.
pub(crate) struct Line<'a> {
    pub(crate) number: usize,
    pub(crate) mail: &'a ParsedMail,
    pub(crate) thread: usize,
    pub(crate) place: Place,
    pub(crate) automatic: Option<Automatic>,
    pub(crate) report: Option<Report>,
}

impl Line<'_> {
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let id = self.mail.headers.message_id.as_ref().map_or_else(|| "(no id)".into(), |id| format!("<{id}>"));
        let conversation = match self.place.conversation {
            Some(number) => format!("conversation {}", number + 1),
            None => "no conversation".into(),
        };
        let (by, confidence) = (self.by(), self.place.binding.confidence);
        write!(out, "{:>6}  {id}  thread {}  {conversation}  {by} ({confidence})", self.number, self.thread)?;
        if let Some(automatic) = &self.automatic {
            let likely = if automatic.is_certain { "" } else { "perhaps " };
            write!(out, "  {likely}{}", automatic.kind.as_str())?;
        }
        if let Some(report) = &self.report {
            write!(out, "  {}", told(report))?;
        }
        writeln!(out)?;
        for evidence in &self.place.binding.evidence {
            let to = evidence.conversation.map(|id| format!(" (conversation {})", id.as_uuid().as_u128() + 1));
            writeln!(out, "          {evidence}{}", to.unwrap_or_default())?;
        }
        Ok(())
    }

    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let evidence: Vec<String> = self.place.binding.evidence.iter().map(Evidence::to_string).collect();
        let line = json!({
            "number": self.number,
            "message_id": self.mail.headers.message_id,
            "thread": self.thread,
            "conversation": self.place.conversation.map(|number| number + 1),
            "new": self.place.is_new,
            "ours": self.place.is_ours,
            "by": self.by(),
            "confidence": self.place.binding.confidence,
            "evidence": evidence,
            "automatic": self.automatic,
            "report": self.report,
        });
        writeln!(out, "{line}")
    }

    /// What decided where it went.
    fn by(&self) -> &'static str {
        match self.place.binding.to {
            BoundTo::Conversation { via, .. } => via.as_str(),
            BoundTo::Quarantine => "quarantine",
            BoundTo::Nothing if self.place.is_new => "new",
            BoundTo::Nothing => "nothing",
        }
    }
}

fn told(report: &Report) -> String {
    let about = original_ids(report).first().map(|id| format!(" of <{id}>")).unwrap_or_default();
    match report {
        Report::Delivery(report) => {
            let status = report.status.map(|status| format!(" {status}")).unwrap_or_default();
            let hard = if report.is_hard { ", hard" } else { "" };
            format!("delivery {}{status}{hard}{about}", report.action.as_str())
        }
        Report::Read(receipt) => format!("{}{about}", if receipt.is_read { "read" } else { "deleted unread" }),
        Report::Complaint(complaint) => format!("complaint ({}){about}", complaint.kind),
        _ => "report".into(),
    }
}

/// Counts over all mails.
#[derive(Default)]
pub(crate) struct Summary {
    mails: usize,
    threads: usize,
    conversations: usize,
    by: BTreeMap<String, usize>,
    evidence: BTreeMap<String, usize>,
    kinds: BTreeMap<&'static str, usize>,
}

impl Summary {
    pub(crate) fn count(&mut self, line: &Line<'_>) {
        self.mails += 1;
        self.threads += usize::from(line.thread == line.number);
        self.conversations += usize::from(line.place.is_new);
        *self.by.entry(format!("{} ({})", line.by(), line.place.binding.confidence)).or_default() += 1;
        for evidence in &line.place.binding.evidence {
            *self.evidence.entry(format!("{}: {}", evidence.via, evidence.finding)).or_default() += 1;
        }
        let kind = match (&line.report, &line.automatic) {
            (Some(Report::Delivery(report)), _) => report.action.as_str(),
            (Some(Report::Read(_)), _) => "read receipt",
            (Some(_), _) => "complaint",
            (None, Some(automatic)) => automatic.kind.as_str(),
            (None, None) => return,
        };
        *self.kinds.entry(kind).or_default() += 1;
    }

    pub(crate) fn told(&self, read_in: Duration, all: Duration) -> String {
        let list = |counts: Vec<(&str, usize)>| {
            let lines: Vec<String> = counts.iter().map(|(what, times)| format!("  {times:>8}  {what}\n")).collect();
            lines.concat()
        };
        let seconds = all.as_secs_f64();
        format!(
            "{} mails, {} threads, {} conversations\nautomatic mail and reports\n{}bound by\n{}evidence\n{}{:.2} s ({:.2} s of it reading), {:.0} mails a second",
            self.mails,
            self.threads,
            self.conversations,
            list(self.kinds.iter().map(|(what, times)| (*what, *times)).collect()),
            list(self.by.iter().map(|(what, times)| (what.as_str(), *times)).collect()),
            list(self.evidence.iter().map(|(what, times)| (what.as_str(), *times)).collect()),
            seconds,
            read_in.as_secs_f64(),
            self.mails as f64 / seconds.max(1e-9),
        )
    }
}
