//! A store as simple as can be, with one flaw or none.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use outbound::engine::{Changes, Guard, IndexChange, Loaded, Reads};
use outbound::model::Key;
use outbound::port::{CommitError, EventPage, EventQuery, Store};
use outbound::record::{Cursor, Entry, Envelope, Query, Versioned};
use outbound::testing::conformance::{Break, Capability, Job, StoreHarness};

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Nothing,
    LeavesOutAbsentKeys,
    AnswersAHundredKeys,
    AnswersOneQuery,
    ReadsKeyByKey,
    ReadsEntriesLater,
    ReadsOld,
    ReservesWhatIsAbsent,
    DropsControlCharacters,
    CutsLongTexts,
    KeepsAsciiOnly,
    CutsOrders,
    ForgetsReceipts,
    OrdersByKey,
    TakesTheBoundForExclusive,
    ForgetsTheBound,
    TakesTheCursorForInclusive,
    ComparesTheCursorsPlaceOnly,
    BeginsAnewWithoutTheCursorsRow,
    ForgetsTheLimit,
    MixesScopes,
    MixesIndexes,
    ListsRecordsBackwards,
    ForgetsTheLastGuard,
    ForgetsGuardsOfWhatIsRead,
    TakesLaterVersions,
    OverwritesWhatIsThere,
    CreatesWhatShouldBeThere,
    WritesBeforeItChecks,
    AnswersSuccessForConflict,
    AnswersFailureForConflict,
    KeepsEntriesThatGo,
    ShowsEventsFirst,
    ChecksAndWritesApart,
    ChecksCreationApart,
    FailsWhenItIsBusy,
    AnswersFailureForUnknown,
    AnswersSuccessForUnknown,
    AppliesHalfOfWhatBreaks,
    LosesEntriesOnReopening,
    LosesTheLastCommitOnReopening,
    GivesAnEventTwice,
    LeavesAnEventOutOfPages,
    MixesStreams,
    TurnsStreamsAround,
    BeginsAnewBehindAnEmptyPage,
    NumbersTheFeedBeforeItCommits,
}

use Flaw::*;

#[derive(Debug, Default, Clone)]
struct Tables {
    records: BTreeMap<Key, Versioned>,
    entries: BTreeSet<Entry>,
    /// By their position in the feed.
    events: BTreeMap<u64, Envelope>,
    reserved: BTreeSet<Key>,
}

#[derive(Debug)]
pub(crate) struct Disk {
    flaw: Flaw,
    now: Mutex<Tables>,
    before: Mutex<Tables>,
    positions: Mutex<u64>,
    breaks: Mutex<Option<Break>>,
    open: AtomicUsize,
    busy: AtomicUsize,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Simple(Arc<Disk>);

#[derive(Debug, thiserror::Error)]
#[error("the line is down")]
pub(crate) struct LineDown;

/// Lets others in.
fn pause() {
    for _ in 0..20 {
        std::thread::yield_now();
    }
}

impl Drop for Simple {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        let mut now = self.0.now.lock().unwrap();
        match self.0.flaw {
            LosesEntriesOnReopening => now.entries.clear(),
            LosesTheLastCommitOnReopening => *now = self.0.before.lock().unwrap().clone(),
            _ => {}
        }
    }
}

impl Store for Simple {
    type Error = LineDown;

    fn load(&self, reads: &Reads) -> Result<Loaded, LineDown> {
        let flaw = self.0.flaw;
        let tables = match flaw {
            ReadsOld => self.0.before.lock().unwrap().clone(),
            ReservesWhatIsAbsent => {
                let mut now = self.0.now.lock().unwrap();
                now.reserved.extend(reads.keys.iter().copied());
                now.clone()
            }
            _ => self.0.now.lock().unwrap().clone(),
        };
        let mut records = Vec::new();
        for key in &reads.keys {
            let found = match flaw {
                ReadsKeyByKey => {
                    pause();
                    self.0.now.lock().unwrap().records.get(key).cloned()
                }
                _ => tables.records.get(key).cloned(),
            };
            if flaw == LeavesOutAbsentKeys && found.is_none() {
                continue;
            }
            records.push((*key, found));
        }
        if flaw == AnswersAHundredKeys {
            records.truncate(100);
        }
        let tables = if flaw == ReadsEntriesLater {
            pause();
            self.0.now.lock().unwrap().clone()
        } else {
            tables
        };
        let answered = if flaw == AnswersOneQuery { 1 } else { usize::MAX };
        let found = reads.queries.iter().take(answered).map(|query| (query.clone(), tables.find(query, flaw)));
        Ok(Loaded { records, found: found.collect() })
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<LineDown>> {
        let flaw = self.0.flaw;
        let breaks = self.0.breaks.lock().unwrap().take();
        if breaks == Some(Break::Before) {
            if let (AppliesHalfOfWhatBreaks, Some(write)) = (flaw, changes.writes.first()) {
                self.0.now.lock().unwrap().records.insert(write.key, write.versioned.clone());
            }
            return Err(CommitError::Unknown(LineDown));
        }
        let outcome = self.write(changes.clone());
        match (outcome, breaks) {
            (Ok(()), Some(_)) => match flaw {
                AnswersFailureForUnknown => Err(CommitError::Failed(LineDown)),
                AnswersSuccessForUnknown => Ok(()),
                _ => Err(CommitError::Unknown(LineDown)),
            },
            (Err(CommitError::Conflict), _) if flaw == AnswersSuccessForConflict => Ok(()),
            (Err(CommitError::Conflict), _) if flaw == AnswersFailureForConflict => Err(CommitError::Failed(LineDown)),
            (outcome, _) => outcome,
        }
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, LineDown> {
        let flaw = self.0.flaw;
        let tables = self.0.now.lock().unwrap();
        let all = tables.events.iter();
        Ok(match *query {
            EventQuery::Feed { after, limit } => {
                let from = if flaw == GivesAnEventTwice { after.saturating_sub(1) } else { after };
                let page: Vec<_> = all.filter(|(position, _)| **position > from).take(limit).collect();
                let empty = if flaw == BeginsAnewBehindAnEmptyPage { 0 } else { after };
                let next = page.last().map_or(empty, |(position, _)| **position);
                EventPage { events: page.into_iter().map(|(_, event)| event.clone()).collect(), next }
            }
            EventQuery::Stream { stream, after, limit } => {
                let of_stream = all.map(|(_, event)| event).filter(|it| flaw == MixesStreams || it.stream == stream);
                let gap = u64::from(flaw == LeavesAnEventOutOfPages && after > 0);
                let mut events: Vec<Envelope> =
                    of_stream.filter(|it| it.sequence > after + gap).take(limit).cloned().collect();
                let next = events.last().map_or(after, |last| last.sequence);
                if flaw == TurnsStreamsAround {
                    events.reverse();
                }
                EventPage { events, next }
            }
        })
    }
}

impl Simple {
    fn write(&self, changes: Changes) -> Result<(), CommitError<LineDown>> {
        let flaw = self.0.flaw;
        let position = |count: usize| {
            let mut positions = self.0.positions.lock().unwrap();
            *positions += count as u64;
            *positions - count as u64
        };
        let early = (flaw == NumbersTheFeedBeforeItCommits).then(|| {
            let position = position(changes.events.len());
            pause();
            position
        });
        if flaw == FailsWhenItIsBusy {
            let others = self.0.busy.fetch_add(1, Ordering::SeqCst);
            pause();
            self.0.busy.fetch_sub(1, Ordering::SeqCst);
            if others > 0 {
                return Err(CommitError::Failed(LineDown));
            }
        }
        let mut tables = self.0.now.lock().unwrap();
        if let (WritesBeforeItChecks, Some(write)) = (flaw, changes.writes.first()) {
            tables.records.insert(write.key, write.versioned.clone());
        }
        if !changes.guards.iter().enumerate().all(|(place, guard)| holds(&tables, &changes, place, guard, flaw)) {
            return Err(CommitError::Conflict);
        }
        let creates = changes.guards.iter().any(|guard| guard.version.is_none());
        if flaw == ChecksAndWritesApart || (flaw == ChecksCreationApart && creates) {
            drop(tables);
            pause();
            tables = self.0.now.lock().unwrap();
        }
        *self.0.before.lock().unwrap() = tables.clone();
        let first = early.unwrap_or_else(|| position(changes.events.len()));
        if flaw == ShowsEventsFirst {
            tables.events.extend((first + 1..).zip(changes.events.iter().cloned()));
            drop(tables);
            pause();
            tables = self.0.now.lock().unwrap();
        }
        for write in changes.writes {
            tables.records.insert(write.key, kept(write.versioned, flaw));
        }
        for change in changes.index {
            match change {
                IndexChange::Add(mut entry) => {
                    if flaw == CutsOrders {
                        entry.order = entry.order.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
                    }
                    tables.entries.insert(entry)
                }
                IndexChange::Remove(entry) => flaw == KeepsEntriesThatGo || tables.entries.remove(&entry),
            };
        }
        tables.events.extend((first + 1..).zip(changes.events));
        if flaw == ForgetsReceipts {
            tables.records.retain(|key, _| key.kind() != outbound::model::Kind::Receipt);
        }
        Ok(())
    }
}

fn holds(tables: &Tables, changes: &Changes, place: usize, guard: &Guard, flaw: Flaw) -> bool {
    let there = tables.records.get(&guard.key).map(|versioned| versioned.version);
    let written = changes.writes.iter().any(|write| write.key == guard.key);
    match flaw {
        ForgetsTheLastGuard if changes.guards.len() > 1 && place + 1 == changes.guards.len() => true,
        ForgetsGuardsOfWhatIsRead if !written => true,
        TakesLaterVersions => guard.version.is_none() == there.is_none() && there >= guard.version,
        OverwritesWhatIsThere if guard.version.is_none() => true,
        CreatesWhatShouldBeThere if there.is_none() => true,
        ReservesWhatIsAbsent if there.is_none() && tables.reserved.contains(&guard.key) => false,
        _ => there == guard.version,
    }
}

/// The record as it is kept.
fn kept(versioned: Versioned, flaw: Flaw) -> Versioned {
    let whole = serde_json::to_string(&versioned).unwrap();
    let cut = match flaw {
        DropsControlCharacters => whole.replace("\\u0000", ""),
        KeepsAsciiOnly => whole.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect(),
        CutsLongTexts if whole.len() > 65_536 => whole.replace("ação", "a"),
        _ => return versioned,
    };
    serde_json::from_str(&cut).unwrap()
}

impl Tables {
    fn find(&self, query: &Query, flaw: Flaw) -> Vec<Entry> {
        let mut found: Vec<Entry> = match query.index() {
            Some((index, scope)) => {
                let of = |entry: &&Entry| {
                    (entry.index == index || flaw == MixesIndexes) && (entry.scope == scope || flaw == MixesScopes)
                };
                self.entries.iter().filter(of).copied().collect()
            }
            None => {
                let of_kind = self.records.keys().filter(|key| Some(key.kind()) == query.kind());
                of_kind.map(|key| Entry::of_record(*key)).collect()
            }
        };
        match flaw {
            OrdersByKey => found.sort_by_key(|entry| (entry.key, entry.order)),
            ListsRecordsBackwards if query.kind().is_some() => found.reverse(),
            _ => found.sort_by_key(Entry::cursor),
        }
        found.retain(|entry| match flaw {
            TakesTheBoundForExclusive => entry.order < query.until(),
            ForgetsTheBound => true,
            _ => entry.order <= query.until(),
        });
        if let Some(cursor) = query.begins_after() {
            let is_there = found.iter().any(|entry| entry.cursor() == cursor);
            found.retain(|entry| match flaw {
                TakesTheCursorForInclusive => entry.cursor() >= cursor,
                ComparesTheCursorsPlaceOnly => behind_by_place(entry, cursor, query),
                BeginsAnewWithoutTheCursorsRow if !is_there => true,
                _ => entry.cursor() > cursor,
            });
        }
        if flaw != ForgetsTheLimit {
            found.truncate(query.limit());
        }
        found
    }
}

fn behind_by_place(entry: &Entry, cursor: Cursor, query: &Query) -> bool {
    if query.kind().is_some() { entry.key > cursor.key } else { entry.order > cursor.order }
}

/// A harness over simple stores that can do everything.
pub(crate) struct Simples(pub(crate) Flaw);

impl StoreHarness for Simples {
    type Store = Simple;
    type Place = Arc<Disk>;

    fn fresh(&self) -> Arc<Disk> {
        Arc::new(Disk {
            flaw: self.0,
            now: Mutex::default(),
            before: Mutex::default(),
            positions: Mutex::default(),
            breaks: Mutex::default(),
            open: AtomicUsize::new(0),
            busy: AtomicUsize::new(0),
        })
    }
    fn open(&self, place: &Arc<Disk>) -> Simple {
        place.open.fetch_add(1, Ordering::SeqCst);
        Simple(Arc::clone(place))
    }
    fn capabilities(&self) -> Vec<Capability> {
        Capability::ALL.to_vec()
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        at_once(jobs);
    }
    fn skipped(&self, what: &str) {
        tell(what);
    }
    fn break_next_commit(&self, place: &Arc<Disk>, how: Break) {
        *place.breaks.lock().unwrap() = Some(how);
    }
}

/// Runs jobs in a thread each.
pub(crate) fn at_once(jobs: Vec<Job<'_>>) {
    std::thread::scope(|scope| {
        for job in jobs {
            scope.spawn(job);
        }
    });
}

/// Tells a person, past the test runner, which keeps to itself what a passing test prints.
pub(crate) fn tell(what: &str) {
    let _ = writeln!(std::io::stderr(), "{what}");
}
