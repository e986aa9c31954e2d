//! Parking a task until the customer writes or a time is reached, and waking it (B13).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moves::{drop_request, free_slot, home_queue, wake};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{AgentId, ConversationEvent, ConversationId, Key, QueueId};
use crate::policy::rules;
use crate::record::{Actor, Done};

/// The holder of a task puts it aside: the slot is free, and the task wakes on a reply or at a time.
///
/// Refused with `conversation.unknown`, `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`,
/// `parking.time_not_allowed`, `queue.unknown`, `queue.other_channel`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Park {
    /// The agent who holds it.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// When it wakes at the latest.
    pub until: DateTime<Utc>,
    /// The queue that it goes to when the agent cannot take it then; the entry point's where it is not told.
    #[serde(default)]
    pub queue: Option<QueueId>,
}

impl sealed::Sealed for Park {}

impl Command for Park {
    type Output = Done;
    const NAME: &'static str = "park";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation), Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let checks = &mut draft.checks;
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        rules::holds_active(checks, &self.agent, conversation);
        let longest = cx.directory().organization().timings().max_park();
        rules::parking_time(checks, self.until, cx.now, longest);
        if let Some(queue) = &self.queue {
            rules::known_queue(checks, cx.directory(), queue, conversation.channel())?;
        }
        draft.checks.all_hold()?;
        let holder = view.named_presence(&self.agent)?;

        drop_request(draft, conversation);
        free_slot(draft, holder, conversation.id());
        let queue = home_queue(cx, conversation, self.queue.as_ref());
        let event = ConversationEvent::Parked { by: self.agent.clone(), queue, until: self.until };
        draft.record(conversation, event);
        Ok(Done)
    }
}

/// A parked task is woken before its time: its agent is asked first, if that is possible, else it goes to its queue.
///
/// Refused with `conversation.unknown`, `parking.not_parked`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wake {
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for Wake {}

impl Command for Wake {
    type Output = Done;
    const NAME: &'static str = "wake";

    fn actor(&self) -> Actor {
        Actor::Host
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut draft.checks, found, self.conversation)?;
        rules::parked(&mut draft.checks, conversation);
        draft.checks.all_hold()?;
        wake(cx, view, draft, conversation)?;
        Ok(Done)
    }
}
