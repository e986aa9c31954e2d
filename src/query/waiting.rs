//! The tasks that nobody works on at present: in a queue, or in an agent's parking place (R44, B13).

use serde::{Deserialize, Serialize};

use super::TaskSummary;
use crate::engine::{Context, Question, Stop, View};
use crate::model::{AgentId, QueueId};
use crate::record::{Cursor, Entry, Query};

/// Asks for the tasks that wait in a queue, the head first.
///
/// What an agent is asked to take at this moment is not among them: it is in that agent's [`Overview`](super::Overview), and comes
/// back to its place where nobody takes it. A queue that the set-up has no more is answered as well: what waits there is
/// waiting still.
///
/// ```
/// use outbound::desk::Desk;
/// use outbound::model::QueueId;
/// use outbound::port::{Clock, Failure, Store};
/// use outbound::query::Queued;
///
/// fn all<S: Store>(desk: &Desk<S, impl Clock>, queue: QueueId) -> Result<usize, Failure<S::Error>> {
///     let (mut page, mut many) = (Queued::new(queue, 100), 0);
///     loop {
///         let answer = desk.ask(&page)?;
///         many += answer.tasks.len();
///         let Some(last) = answer.next else { return Ok(many) };
///         page = page.after(last);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The queue.
    pub queue: QueueId,
    /// Go on behind this place: the [`next`](WaitingAnswer::next) of the page before.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// How many tasks to answer at most.
    pub limit: usize,
}

/// Asks for the tasks that an agent has parked, the one that wakes next first. Parked, they hold no slot of the agent's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// The agent.
    pub agent: AgentId,
    /// Go on behind this place: the [`next`](WaitingAnswer::next) of the page before.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// How many tasks to answer at most.
    pub limit: usize,
}

/// A page of tasks that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingAnswer {
    /// The tasks, in their order.
    pub tasks: Vec<TaskSummary>,
    /// The place behind which the next page begins; none at the end.
    pub next: Option<Cursor>,
}

impl Queued {
    /// The head of a queue, so many tasks at most.
    #[must_use]
    pub const fn new(queue: QueueId, limit: usize) -> Self {
        Self { queue, after: None, limit }
    }

    /// The same question for what is behind a place.
    #[must_use]
    pub const fn after(mut self, place: Cursor) -> Self {
        self.after = Some(place);
        self
    }
}

impl Parked {
    /// What an agent has parked, so many tasks at most.
    #[must_use]
    pub const fn new(agent: AgentId, limit: usize) -> Self {
        Self { agent, after: None, limit }
    }

    /// The same question for what is behind a place.
    #[must_use]
    pub const fn after(mut self, place: Cursor) -> Self {
        self.after = Some(place);
        self
    }
}

impl Question for Queued {
    type Answer = WaitingAnswer;

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<WaitingAnswer, Stop> {
        page(view, Query::waiting(&self.queue, self.limit.saturating_add(1)), self.after, self.limit)
    }
}

impl Question for Parked {
    type Answer = WaitingAnswer;

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<WaitingAnswer, Stop> {
        page(view, Query::parked(&self.agent, self.limit.saturating_add(1)), self.after, self.limit)
    }
}

/// The tasks of a page; one more is asked for, so as to know whether there are more.
fn page(view: &View, query: Query, after: Option<Cursor>, limit: usize) -> Result<WaitingAnswer, Stop> {
    let entries = view.find(match after {
        Some(place) => query.after(place),
        None => query,
    })?;
    let (page, more) = entries.split_at_checked(limit).unwrap_or((entries, &[]));
    view.want(page.iter().map(|entry| entry.key))?;
    let conversations = page.iter().filter_map(|entry| entry.key.as_conversation());
    let tasks = conversations.map(|id| Ok(TaskSummary::of(view.named_conversation(id)?)));
    Ok(WaitingAnswer {
        tasks: tasks.collect::<Result<_, Stop>>()?,
        next: page.last().filter(|_| !more.is_empty()).map(Entry::cursor),
    })
}
