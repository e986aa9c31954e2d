//! What a decision says while it is being made: its checks, and its changes so far.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::changes::{Changes, Guard, IndexChange, Write};
use super::terms::Context;
use super::view::View;
use crate::model::{Binding, CommandId, Key};
use crate::policy::Checks;
use crate::record::{Actor, Entity, Entry, Envelope, Event, Record, SCHEMA_VERSION, Version, Versioned};

/// The checks and changes of one decision.
#[derive(Debug)]
pub struct Draft {
    /// What all of its events have in common.
    occasion: Occasion,
    pub(crate) checks: Checks,
    /// Where an e-mail belongs, for who asks why.
    pub(crate) binding: Option<Binding>,
    records: Vec<(Key, Record)>,
    events: Vec<Envelope>,
}

#[derive(Debug)]
struct Occasion {
    command: CommandId,
    actor: Actor,
    at: DateTime<Utc>,
    directory: u64,
}

impl Draft {
    pub(super) fn new(cx: &Context<'_>, actor: Actor) -> Self {
        let occasion = Occasion { command: cx.command, actor, at: cx.now, directory: cx.directory().version() };
        Self { occasion, checks: Checks::default(), binding: None, records: Vec::new(), events: Vec::new() }
    }

    pub(super) fn explaining(cx: &Context<'_>, actor: Actor) -> Self {
        Self { checks: Checks::explaining(), ..Self::new(cx, actor) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.events.is_empty()
    }

    /// Makes a record by its first event.
    pub(crate) fn begin<E: Entity>(&mut self, key: Key, event: E::Event) {
        if let Some(entity) = E::begin(&event, self.occasion.at) {
            self.records.push((key, E::into_record(Arc::new(entity))));
            self.event(key, E::payload(event));
        }
    }

    /// Changes a record that this decision made or changed already.
    pub(crate) fn then<E: Entity>(&mut self, key: Key, event: E::Event) {
        let working = self.records.iter_mut().find(|(working, _)| *working == key);
        if let Some(entity) = working.and_then(|(_, record)| E::of(record)) {
            entity.apply(&event, self.occasion.at);
        }
        self.event(key, E::payload(event));
    }

    /// Changes a record by an event.
    pub(crate) fn record<E: Entity>(&mut self, entity: &Arc<E>, event: E::Event) {
        let key = entity.key();
        if !self.touches(key) {
            self.records.push((key, E::into_record(Arc::clone(entity))));
        }
        self.then::<E>(key, event);
    }

    /// Whether a record is made or changed.
    pub(crate) fn touches(&self, key: Key) -> bool {
        self.records.iter().any(|(touched, _)| *touched == key)
    }

    /// Writes a record that has no history.
    pub(crate) fn put(&mut self, record: Record) {
        let key = record.key();
        self.records.retain(|(other, _)| *other != key);
        self.records.push((key, record));
    }

    /// Writes down an event.
    pub(super) fn event(&mut self, stream: Key, event: Event) {
        let Occasion { command, ref actor, at, directory } = self.occasion;
        if self.events.is_empty() {
            // Hardly a command leaves more, and a list that grows is copied.
            self.events.reserve_exact(6);
        }
        self.events.push(Envelope {
            stream,
            sequence: 0,
            command,
            ordinal: u16::try_from(self.events.len()).unwrap_or(u16::MAX),
            actor: actor.clone(),
            at,
            directory,
            schema: SCHEMA_VERSION,
            event,
        });
    }

    /// Everything that the decision changes, with everything that it looked at as guards.
    pub(super) fn into_changes(mut self, view: &View) -> Changes {
        let mut guards = Vec::with_capacity(view.len() + self.records.len());
        // In the order of the keys, which they keep.
        guards.extend(view.guards());
        let mut index = Vec::with_capacity(self.records.len());
        let mut writes = Vec::with_capacity(self.records.len());
        for (key, record) in self.records {
            let base = view.base(key);
            if let Err(place) = guards.binary_search_by_key(&key, |guard: &Guard| guard.key) {
                guards.insert(place, Guard { key, version: base.map(|versioned| versioned.version) });
            }
            index_changes(base.map(|versioned| &versioned.record), &record, &mut index);
            let version = number(&mut self.events, key, base);
            writes.push(Write { key, versioned: Versioned { version, record } });
        }
        writes.sort_unstable_by_key(|write| write.key);
        Changes { command: self.occasion.command, guards, writes, index, events: self.events }
    }
}

/// Gives a record's events their places in its stream. Answers the version that the record has with them; one without
/// events counts how often it was written.
fn number(events: &mut [Envelope], key: Key, base: Option<&Versioned>) -> Version {
    let before = base.map_or(0, |versioned| versioned.version.0);
    let mut last = before;
    for envelope in events.iter_mut().filter(|envelope| envelope.stream == key) {
        last = last.saturating_add(1);
        envelope.sequence = last;
    }
    Version(last.max(before.saturating_add(1)))
}

fn index_changes(before: Option<&Record>, after: &Record, changes: &mut Vec<IndexChange>) {
    let old = before.map(Entry::both_of).unwrap_or_default();
    let new = Entry::both_of(after);
    let is_in = |entries: &[Option<Entry>; 2], entry: &Entry| entries.iter().flatten().any(|other| other == entry);
    changes.extend(old.into_iter().flatten().filter(|entry| !is_in(&new, entry)).map(IndexChange::Remove));
    changes.extend(new.into_iter().flatten().filter(|entry| !is_in(&old, entry)).map(IndexChange::Add));
}
