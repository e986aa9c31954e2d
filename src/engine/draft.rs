//! What a decision says while it is being made: its checks, and its changes so far.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::changes::{Changes, Guard, IndexChange, Write};
use super::terms::Context;
use super::view::{View, next_version};
use crate::model::{Binding, Key};
use crate::policy::Checks;
use crate::record::{Actor, Entity, Entry, Envelope, Event, Record, SCHEMA_VERSION, Versioned};

/// The checks and changes of one decision.
#[derive(Debug)]
pub struct Draft {
    at: DateTime<Utc>,
    pub(crate) checks: Checks,
    /// Where an e-mail belongs, for who asks why.
    pub(crate) binding: Option<Binding>,
    records: Vec<Record>,
    events: Vec<(Key, Event)>,
}

impl Draft {
    pub(super) fn new(at: DateTime<Utc>) -> Self {
        Self { at, checks: Checks::default(), binding: None, records: Vec::new(), events: Vec::new() }
    }

    pub(super) fn explaining(at: DateTime<Utc>) -> Self {
        Self { checks: Checks::explaining(), ..Self::new(at) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.events.is_empty()
    }

    /// Makes a record by its first event.
    pub(crate) fn begin<E: Entity>(&mut self, key: Key, event: E::Event) {
        if let Some(entity) = E::begin(&event, self.at) {
            self.records.push(E::into_record(Arc::new(entity)));
            self.events.push((key, E::payload(event)));
        }
    }

    /// Changes a record that this decision made or changed already.
    pub(crate) fn then<E: Entity>(&mut self, key: Key, event: E::Event) {
        let working = self.records.iter_mut().find(|record| record.key() == key);
        if let Some(entity) = working.and_then(E::of) {
            entity.apply(&event, self.at);
        }
        self.events.push((key, E::payload(event)));
    }

    /// Changes a record by an event.
    pub(crate) fn record<E: Entity>(&mut self, entity: &Arc<E>, event: E::Event) {
        let key = entity.key();
        if !self.touches(key) {
            self.records.push(E::into_record(Arc::clone(entity)));
        }
        self.then::<E>(key, event);
    }

    /// Whether a record is made or changed.
    pub(crate) fn touches(&self, key: Key) -> bool {
        self.records.iter().any(|record| record.key() == key)
    }

    /// Writes a record that has no history.
    pub(crate) fn put(&mut self, record: Record) {
        let key = record.key();
        self.records.retain(|other| other.key() != key);
        self.records.push(record);
    }

    /// Writes down an event of a record that is its own event.
    pub(super) fn event(&mut self, key: Key, event: Event) {
        self.events.push((key, event));
    }

    /// Everything that the decision changes, with everything that it looked at as guards.
    pub(super) fn into_changes(self, cx: &Context<'_>, view: &View, actor: &Actor) -> Changes {
        let mut guards: Vec<Guard> = view.guards().collect();
        let mut index = Vec::new();
        let mut writes = Vec::with_capacity(self.records.len());
        let events = envelopes(self.events, cx, view, actor);
        for record in self.records {
            let key = record.key();
            let base = view.base(key);
            if !guards.iter().any(|guard| guard.key == key) {
                guards.push(Guard { key, version: base.map(|versioned| versioned.version) });
            }
            index_changes(base.map(|versioned| &versioned.record), &record, &mut index);
            let happened = events.iter().filter(|envelope| envelope.stream == key).count() as u64;
            writes.push(Write { key, versioned: Versioned { version: next_version(base, happened.max(1)), record } });
        }
        guards.sort_unstable_by_key(|guard| guard.key);
        writes.sort_unstable_by_key(|write| write.key);
        Changes { command: cx.command, guards, writes, index, events }
    }
}

fn envelopes(events: Vec<(Key, Event)>, cx: &Context<'_>, view: &View, actor: &Actor) -> Vec<Envelope> {
    let mut envelopes: Vec<Envelope> = Vec::with_capacity(events.len());
    for (ordinal, (stream, event)) in events.into_iter().enumerate() {
        let before = envelopes.iter().filter(|envelope| envelope.stream == stream).count() as u64;
        envelopes.push(Envelope {
            stream,
            sequence: next_version(view.base(stream), before + 1).0,
            command: cx.command,
            ordinal: u16::try_from(ordinal).unwrap_or(u16::MAX),
            actor: actor.clone(),
            at: cx.now,
            directory: cx.directory().version(),
            schema: SCHEMA_VERSION,
            event,
        });
    }
    envelopes
}

fn index_changes(before: Option<&Record>, after: &Record, changes: &mut Vec<IndexChange>) {
    let old = before.map(Entry::of).unwrap_or_default();
    let new = Entry::of(after);
    changes.extend(old.iter().filter(|entry| !new.contains(entry)).map(|entry| IndexChange::Remove(*entry)));
    changes.extend(new.iter().filter(|entry| !old.contains(entry)).map(|entry| IndexChange::Add(*entry)));
}
