//! The desk that everybody works at, and what it is measured with.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use outbound::desk::Desk;
use outbound::directory::Directory;
use outbound::engine::{Command, Question, Reads, Terms};
use outbound::mail::{ThreadingKey, ThreadingKeys};
use outbound::memory::MemoryStore;
use outbound::model::{CommandId, Libphonenumber};
use outbound::port::{Clock, EventPage, EventQuery, Failure, ManualClock, Store};
use outbound::record::{Entry, Query};
use outbound::refusal::Code;

use crate::chance::Chance;
use crate::measure::{Measure, watch};

pub(crate) struct Centre {
    pub(crate) desk: Desk<MemoryStore, Arc<ManualClock>>,
    pub(crate) chance: Chance,
    pub(crate) measure: Measure,
    /// What no command may come to.
    pub(crate) broken: Vec<String>,
}

impl Centre {
    pub(crate) fn new(directory: Directory, midnight: DateTime<Utc>, chance: Chance) -> Result<Self, Box<dyn Error>> {
        Libphonenumber.warm_up();
        // A real service takes its key from where it keeps its secrets.
        let keys = ThreadingKeys::new(ThreadingKey::new(b"a key that only this day has and knows")?);
        let terms = Terms::new(directory, Libphonenumber).with_threading_keys(keys);
        let desk = Desk::new(MemoryStore::new(), terms, Arc::new(ManualClock::at(midnight)));
        Ok(Self { desk, chance, measure: Measure::default(), broken: Vec::new() })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.desk.clock().now()
    }

    pub(crate) fn set_time(&self, at: DateTime<Utc>) {
        self.desk.clock().advance(at - self.now());
    }

    /// Runs a command under a new id. The error is the first reason why not.
    pub(crate) fn run<K: Command>(&mut self, command: &K) -> Result<K::Output, Option<Code>> {
        self.run_as(K::NAME, command)
    }

    /// Runs a command under a new id, and measures it under a name.
    pub(crate) fn run_as<K: Command>(&mut self, name: &'static str, command: &K) -> Result<K::Output, Option<Code>> {
        let id = self.chance.command_id(self.now());
        self.run_under(id, name, command)
    }

    /// Runs a command under an id, and measures it under a name.
    pub(crate) fn run_under<K: Command>(
        &mut self,
        id: CommandId,
        name: &'static str,
        command: &K,
    ) -> Result<K::Output, Option<Code>> {
        let begun = watch();
        let outcome = self.desk.run(id, command);
        let took = begun.elapsed();
        let answer = self.without_failures(name, outcome);
        self.measure.add(name, took, answer.as_ref().err().and_then(Option::as_ref));
        answer
    }

    /// Asks a question.
    pub(crate) fn ask<Q: Question>(&mut self, name: &'static str, question: &Q) -> Option<Q::Answer> {
        let begun = watch();
        let answer = self.desk.ask(question);
        self.measure.add(name, begun.elapsed(), None);
        self.without_failures(name, answer).ok()
    }

    /// A refusal is an answer; everything else must never be.
    fn without_failures<T>(&mut self, name: &str, outcome: Result<T, Failure<Infallible>>) -> Result<T, Option<Code>> {
        outcome.map_err(|failure| {
            let code = failure.refusal().map(|refusal| refusal.code().clone());
            if code.is_none() {
                self.broken.push(format!("{name}: {failure}"));
            }
            code
        })
    }

    /// What an index of the store lists.
    pub(crate) fn listed(&mut self, name: &'static str, query: Query) -> Vec<Entry> {
        let begun = watch();
        let Ok(loaded) = self.desk.store().load(&Reads { keys: Vec::new(), queries: vec![query] });
        self.measure.add(name, begun.elapsed(), None);
        loaded.found.into_iter().flat_map(|(_, entries)| entries).collect()
    }

    /// The next events of the feed.
    pub(crate) fn events_after(&mut self, after: u64) -> EventPage {
        let begun = watch();
        let Ok(page) = self.desk.store().events(&EventQuery::Feed { after, limit: 256 });
        if !page.events.is_empty() {
            self.measure.add("(events of the feed)", begun.elapsed(), None);
        }
        page
    }
}
