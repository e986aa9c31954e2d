//! One command on its way: what to load, then what to commit.

use super::changes::Changes;
use super::command::{Command, Remember};
use super::draft::Draft;
use super::once::{Once, Told};
use super::repetition::{first_outcome, leave_receipt, traces, unused};
use super::stop::{Fault, Misuse, Stop};
use super::terms::{Context, Terms};
use super::view::{Loaded, Reads, View};
use crate::model::{CommandId, Key};
use crate::record::{Actor, Event, Record, RefusedAttempt};
use crate::refusal::Refusals;
use chrono::{DateTime, Utc};

/// How many rounds of loading a decision may take.
const MAX_ROUNDS: u32 = 32;

/// What a run asks of its driver next.
#[derive(Debug)]
#[must_use]
pub enum Next<T> {
    /// Load these, and [`supply`](Run::supply) them.
    Load(Reads),
    /// Commit these; the output is true once they are committed. On a conflict, begin a new run.
    Commit(Box<Changes>, T),
    /// Nothing is to be changed: it was done before, or there was nothing to do.
    Done(T),
    /// The domain says no; nothing is to be changed.
    Refused(Box<Refusals>),
    /// No answer can be had.
    Fault(Fault),
}

/// One command on its way. A driver calls [`step`](Run::step) and does what it says; [`Desk`](crate::desk::Desk) is one.
#[derive(Debug)]
pub struct Run<'a, C> {
    terms: &'a Terms,
    now: DateTime<Utc>,
    id: CommandId,
    numbers: Once<'a>,
    told: Told,
    command: &'a C,
    view: View,
    asked: bool,
    rounds: u32,
}

impl<'a, C: Command> Run<'a, C> {
    /// Begins a run of a command, under its id, at a time.
    pub fn new(terms: &'a Terms, now: DateTime<Utc>, id: CommandId, command: &'a C) -> Self {
        let (numbers, told) = (Once::new(terms.numbers()), Told::default());
        Self { terms, now, id, numbers, told, command, view: View::default(), asked: false, rounds: 0 }
    }

    /// What is to be done next.
    pub fn step(&mut self) -> Next<C::Output> {
        if self.asked {
            return Next::Fault(Fault::Misuse(Misuse::NotSupplied));
        }
        if self.rounds == 0 {
            return self.load(self.first_reads());
        }
        self.view.forget_looks();
        let mut draft = Draft::new(&self.cx(), self.command.actor());
        match self.decide(&mut draft) {
            Ok(output) if draft.is_empty() => Next::Done(output),
            Ok(output) => {
                let changes = draft.into_changes(&self.view);
                Next::Commit(Box::new(changes), output)
            }
            Err(Stop::NotLoaded) => self.load(self.view.take_missing_and_seen()),
            Err(Stop::Refused(refusals)) => Next::Refused(refusals),
            Err(Stop::Fault(fault)) => Next::Fault(fault),
        }
    }

    fn cx(&self) -> Context<'_> {
        Context { numbers: Some(&self.numbers), told: Some(&self.told), ..Context::new(self.terms, self.now, self.id) }
    }

    /// Gives the run what it asked for.
    pub fn supply(&mut self, loaded: Loaded) {
        self.asked = false;
        self.view.supply(loaded);
    }

    fn load(&mut self, reads: Reads) -> Next<C::Output> {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return Next::Fault(Fault::Unstable(MAX_ROUNDS));
        }
        self.asked = true;
        Next::Load(reads)
    }

    fn first_reads(&self) -> Reads {
        let mut keys = self.command.reads(&self.cx());
        if self.command.remember() == Remember::Receipt {
            keys.extend(traces(self.id));
        }
        keys.sort_unstable();
        keys.dedup();
        Reads { keys, queries: Vec::new() }
    }

    fn decide(&self, draft: &mut Draft) -> Result<C::Output, Stop> {
        match self.command.remember() {
            Remember::State => self.command.decide(&self.cx(), &self.view, draft),
            Remember::Receipt => self.decide_once(draft),
        }
    }

    fn decide_once(&self, draft: &mut Draft) -> Result<C::Output, Stop> {
        if let Some(receipt) = self.view.receipt(self.id)? {
            return first_outcome(self.command, receipt);
        }
        unused(&self.view, self.id)?;
        let cx = self.cx();
        let output = self.command.decide(&cx, &self.view, draft)?;
        leave_receipt(&cx, self.command, draft, &output);
        Ok(output)
    }
}

/// The changes that record a refused attempt (B14): a record of its own that cannot conflict with anything.
pub(crate) fn refused_attempt(cx: &Context<'_>, name: &str, actor: Actor, refusals: &Refusals) -> Changes {
    let millis = u32::try_from(cx.now.timestamp_millis().rem_euclid(i64::from(u32::MAX))).unwrap_or(0);
    let attempt = RefusedAttempt {
        attempt: cx.command.step(millis),
        command: cx.command,
        name: name.into(),
        refusals: refusals.clone(),
    };
    let mut draft = Draft::new(cx, actor);
    draft.event(Key::refused(attempt.attempt), Event::Refused(Box::new(attempt.clone())));
    draft.put(Record::Refused(attempt.into()));
    draft.into_changes(&View::default())
}
