//! The orphan check over a store at work, page by page (B15).

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::orphans::{Circumstances, Orphan, Records, beside, of_record};
use crate::engine::{Context, Question, Stop, View};
use crate::model::{Key, Kind};
use crate::record::{Entry, Query, Record};

/// Asks what nobody looks after, as far as the next records show it (B15): page by page, however much a store holds.
///
/// Each page is of one moment; what is found lies there until it is mended, and what changes between two pages is found in the
/// next round. A round looks at every contact, presence and conversation, closed ones too: it is for once a day and after a new
/// directory, not for each minute.
///
/// ```
/// use outbound::command::{FireDue, Rehome, SignOut, Unfinished};
/// use outbound::desk::Desk;
/// use outbound::model::CommandId;
/// use outbound::port::{Clock, Failure, Store};
/// use outbound::query::{Orphans, Repair};
///
/// fn patrol<S: Store>(desk: &Desk<S, impl Clock>, mut id: impl FnMut() -> CommandId) -> Result<(), Failure<S::Error>> {
///     let mut page = Orphans::new(500);
///     loop {
///         let answer = desk.ask(&page)?;
///         for orphan in answer.orphans {
///             let mended = match orphan.repair() {
///                 Repair::Rehome(conversation) => desk.run(id(), &Rehome { conversation }).map(drop),
///                 Repair::SignOut(agent) => desk.run(id(), &SignOut { agent, unfinished: Unfinished::Requeue }).map(drop),
///                 Repair::Fire(at) => desk.run(id(), &FireDue { at }).map(drop),
///                 _ => Ok(()), // records that contradict each other: tell somebody
///             };
///             if let Err(failure @ (Failure::Store(_) | Failure::Unknown(_))) = mended {
///                 return Err(failure); // what is refused was mended by somebody else
///             }
///         }
///         let Some(next) = answer.next else { return Ok(()) };
///         page = page.after(next);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orphans {
    /// Go on behind this record: the last one of the page before.
    #[serde(default)]
    pub after: Option<Key>,
    /// How many records to look at; at least one is.
    pub limit: usize,
    /// How late a deadline may be fired before it counts, in seconds.
    pub grace_seconds: u32,
}

/// What nobody looks after, as far as a page of records shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrphansAnswer {
    /// What was found, in the order of the records' keys.
    pub orphans: Vec<Orphan>,
    /// The record behind which the next page begins; none at the end.
    pub next: Option<Key>,
}

/// The kinds of records that show it, in the order of their keys.
const KINDS: [Kind; 3] = [Kind::Contact, Kind::Presence, Kind::Conversation];

/// A minute: long enough for a sweep that is late, short beside what is left lying.
const GRACE_SECONDS: u32 = 60;

impl Orphans {
    /// The first page of so many records; a deadline may be fired a minute late.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { after: None, limit, grace_seconds: GRACE_SECONDS }
    }

    /// The same question for what is behind a record.
    #[must_use]
    pub const fn after(mut self, record: Key) -> Self {
        self.after = Some(record);
        self
    }

    const fn at_most(&self) -> usize {
        if self.limit == 0 { 1 } else { self.limit }
    }

    fn queries(&self) -> impl Iterator<Item = Query> + '_ {
        let kinds = KINDS.into_iter().filter(|kind| self.after.is_none_or(|after| after.kind() <= *kind));
        kinds.map(|kind| match self.after.filter(|after| after.kind() == kind) {
            Some(after) => Query::records(kind, self.at_most()).after(Entry::of_record(after).cursor()),
            None => Query::records(kind, self.at_most()),
        })
    }
}

impl Question for Orphans {
    type Answer = OrphansAnswer;

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<OrphansAnswer, Stop> {
        view.want_found(self.queries())?;
        let mut keys = Vec::new();
        for query in self.queries() {
            keys.extend(view.find(query)?.iter().map(|entry| entry.key));
        }
        keys.truncate(self.at_most());
        view.want(keys.iter().copied())?;
        let records: Vec<&Record> = keys.iter().filter_map(|key| view.at(*key)).collect();
        view.want(records.iter().copied().flat_map(beside))?;

        let circumstances = Circumstances::new(cx.directory(), cx.now, TimeDelta::seconds(self.grace_seconds.into()));
        let mut orphans = Vec::new();
        for record in records {
            of_record(view, Some(&circumstances), record, &mut orphans);
        }
        let more = keys.len() == self.at_most();
        Ok(OrphansAnswer { orphans, next: keys.last().copied().filter(|_| more) })
    }
}

/// What was asked for before it is looked up.
impl Records for View {
    fn at(&self, key: Key) -> Option<&Record> {
        self.glimpse(key).ok().flatten()
    }
}
