//! What a refusal says about asking again is true (B3): as long as what it waits for has not come, the answer stays no; and at the
//! time that it tells, its reason is gone.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{FireDue, RouteNext};
use outbound::desk::Desk;
use outbound::engine::{Changes, Command, IndexChange, Reads, Write};
use outbound::memory::MemoryStore;
use outbound::model::{Key, TaskState};
use outbound::port::{ManualClock, Store};
use outbound::record::{Entry, Record, Version, World};
use outbound::refusal::{Refusal, Refusals, Retry};

use crate::model::TICK;
use crate::support::{Floor, command_id};

/// How many of the newest promises are looked at after each command.
const LOOK_AT: usize = 6;

/// What one reason of a refusal said about asking again.
struct Promise {
    command: String,
    refusal: Refusal,
    /// The version of the record that it waits for.
    seen: Option<Version>,
    is_allowed: Box<dyn Fn(&Floor) -> bool>,
}

/// All that was promised so far.
#[derive(Default)]
pub struct Promises(Vec<Promise>);

impl Promises {
    /// Notes what a command was told that is refused, and tries out at once what it says of times.
    pub fn note<C: Command + Clone + 'static>(&mut self, floor: &Floor, command: &C, refusals: &Refusals) {
        if C::NAME == RouteNext::NAME {
            return; // Another task may be the queue's next one then.
        }
        for refusal in refusals.iter() {
            if let Retry::At(time) = refusal.retry() {
                let then = explained_at(floor, command, time);
                assert!(
                    then.is_none_or(|then| !then.has(refusal.code())),
                    "at {time} `{}` is gone for {command:?}",
                    refusal.code(),
                );
            }
            let again = command.clone();
            self.0.push(Promise {
                command: format!("{command:?}"),
                refusal: refusal.clone(),
                seen: waits_for(refusal).and_then(|key| version(floor, key)),
                is_allowed: Box::new(move |floor| floor.explain(&again).is_allowed()),
            });
        }
    }

    /// Under another set-up only what is never allowed stays so.
    pub fn set_up_changed(&mut self) {
        self.0.retain(|it| it.refusal.retry() == Retry::Never);
    }

    /// Nothing is allowed before what it waits for has come.
    pub fn check(&mut self, floor: &Floor) {
        for it in self.0.iter().rev().take(LOOK_AT) {
            let waits = match it.refusal.retry() {
                Retry::Never | Retry::WhenSetUpChanges => true,
                Retry::WhenChanged(key) => version(floor, key) == it.seen,
                Retry::At(_) | Retry::Later | Retry::WithOtherInput => false,
            };
            let (code, retry) = (it.refusal.code(), it.refusal.retry());
            assert!(!waits || !(it.is_allowed)(floor), "{}: `{code}` said: {retry}; it is allowed now", it.command);
        }
    }
}

fn waits_for(refusal: &Refusal) -> Option<Key> {
    if let Retry::WhenChanged(key) = refusal.retry() { Some(key) } else { None }
}

fn version(floor: &Floor, key: Key) -> Option<Version> {
    let loaded = floor.desk.store().load(&Reads { keys: vec![key], queries: Vec::new() }).unwrap();
    loaded.records.into_iter().find_map(|(_, versioned)| versioned).map(|versioned| versioned.version)
}

/// Why a command would be refused at a time, in the same world but for the deadlines that are over then: of wrap-ups, transfers and
/// requests.
fn explained_at<C: Command>(floor: &Floor, command: &C, time: DateTime<Utc>) -> Option<Refusals> {
    // The clock shows it from its next tick on.
    let clock = Arc::new(ManualClock::at(time + TimeDelta::nanoseconds(TICK - 1)));
    let desk = Desk::new(copy_of(&floor.world()), floor.desk.terms(), Arc::clone(&clock));
    for versioned in floor.world().records() {
        let ends = match &versioned.record {
            Record::Presence(_) => true,
            Record::Conversation(it) => matches!(it.state(), TaskState::Frozen { .. } | TaskState::Active { .. }),
            _ => false,
        };
        if ends {
            desk.run(command_id(time, u64::MAX), &FireDue { at: versioned.record.key() }).unwrap();
        }
    }
    match desk.explain(command).unwrap().verdict {
        outbound::engine::Verdict::Refused(refusals) => Some(refusals),
        outbound::engine::Verdict::Allowed => None,
    }
}

fn copy_of(world: &World) -> MemoryStore {
    let store = MemoryStore::new();
    let writes = world.records().map(|it| Write { key: it.record.key(), versioned: it.clone() }).collect();
    let index = world.records().flat_map(|it| Entry::of(&it.record)).map(IndexChange::Add).collect();
    let changes =
        Changes { command: command_id(DateTime::UNIX_EPOCH, 0), guards: Vec::new(), writes, index, events: Vec::new() };
    store.commit(changes).unwrap();
    store
}
