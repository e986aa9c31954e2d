//! Transferring a task, to a queue or to an agent who is asked (R40–R49, B13).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::moves::{ask, begin_wrap_up, drop_request, end_offer, offered};
use crate::directory::{Agent, Queue};
use crate::engine::{Command, Context, Draft, Stop, View, sealed};
use crate::model::{
    AgentId, Conversation, ConversationEvent, ConversationId, Key, OfferEnd, Presence, PresenceEvent, QueueId,
    QueuedWhy,
};
use crate::policy::{Ask, rules};
use crate::record::{Actor, Done, Transferred};

/// Where a task is to go: exactly one agent or one queue (R40, R43).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An agent, who is asked.
    Agent(AgentId),
    /// A queue, which takes it at once.
    Queue(QueueId),
}

/// The holder of a task transfers it (R40).
///
/// Refused with `agent.unknown`, `conversation.unknown`, `conversation.closed`, `task.not_yours`, `task.not_active`, `task.frozen`,
/// `transfer.pending`, `transfer.hop_limit`, `transfer.to_self`, `target.unknown`, `target.signed_out`,
/// `target.not_available`, `target.not_equipped`, `target.full`, `target.blending`, `target.wraps_up`,
/// `queue.unknown`, `queue.other_channel`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The agent who holds the task.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it is to go.
    pub to: Target,
}

impl sealed::Sealed for Transfer {}

impl Command for Transfer {
    type Output = Transferred;
    const NAME: &'static str = "transfer";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        let target = match &self.to {
            Target::Agent(agent) => Some(Key::presence(agent)),
            Target::Queue(_) => None,
        };
        [Key::conversation(self.conversation), Key::presence(&self.agent)].into_iter().chain(target).collect()
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Transferred, Stop> {
        let found = view.conversation(self.conversation)?;
        let sender = view.presence(&self.agent)?;
        let checks = &mut draft.checks;
        rules::known_agent(checks, cx.directory(), &self.agent);
        let conversation = rules::known_conversation(checks, found, self.conversation)?;
        rules::holds_active(checks, &self.agent, conversation);
        if let Some(sender) = sender {
            rules::no_transfer_pending(checks, sender);
        }
        rules::hops_left(checks, conversation, cx.directory().organization().max_transfers());
        match &self.to {
            Target::Agent(target) => self.to_agent(cx, view, draft, conversation, target),
            Target::Queue(queue) => self.to_queue(cx, view, draft, conversation, queue),
        }
    }
}

impl Transfer {
    /// R47: the target is asked, and the task is frozen for the sender, who keeps the slot.
    fn to_agent(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        conversation: &Arc<Conversation>,
        target: &AgentId,
    ) -> Result<Transferred, Stop> {
        let directory = cx.directory();
        let checks = &mut draft.checks;
        rules::not_to_self(checks, &self.agent, target);
        let agent = rules::needed_target(checks, directory, target)?;
        let presence = view.presence(target)?;
        if self.agent != *target {
            let seen: Option<&Presence> = presence.map(|presence| &**presence);
            rules::can_be_offered(checks, directory, agent, seen, conversation.id(), conversation.channel());
        }
        self.host_rules(cx, draft, conversation, Some(agent), None);
        draft.checks.all_hold()?;
        let sender = view.named_presence(&self.agent)?;
        let target = view.named_presence(target)?;

        drop_request(draft, conversation);
        let transfer = ask(cx, draft, conversation, target, directory.organization().timings().offer());
        let answer = offered(conversation.id(), &transfer);
        draft.record(sender, PresenceEvent::TransferPending { conversation: conversation.id() });
        draft.record(conversation, ConversationEvent::Frozen { transfer });
        Ok(Transferred::Asked(answer))
    }

    /// R49: a transfer to a queue is complete when the task is queued.
    fn to_queue(
        &self,
        cx: &Context<'_>,
        view: &View,
        draft: &mut Draft,
        conversation: &Arc<Conversation>,
        queue: &QueueId,
    ) -> Result<Transferred, Stop> {
        let queue = rules::known_queue(&mut draft.checks, cx.directory(), queue, conversation.channel())?;
        self.host_rules(cx, draft, conversation, None, Some(queue));
        draft.checks.all_hold()?;
        let sender = view.named_presence(&self.agent)?;

        drop_request(draft, conversation);
        let queue = queue.id().clone();
        let event = ConversationEvent::Queued { queue: queue.clone(), since: cx.now, why: QueuedWhy::Transferred };
        draft.record(conversation, event);
        begin_wrap_up(cx, draft, sender, conversation.id());
        Ok(Transferred::Queued(queue))
    }

    fn host_rules(
        &self,
        cx: &Context<'_>,
        draft: &mut Draft,
        conversation: &Conversation,
        to: Option<&Agent>,
        queue: Option<&Queue>,
    ) {
        if let Some(agent) = cx.directory().agent(&self.agent) {
            let ask = Ask::Transfer { agent, conversation, to, queue };
            rules::host_rules(&mut draft.checks, cx.terms.rules(), &ask, cx.now);
        }
    }
}

/// The sender takes a pending transfer back (R49).
///
/// Refused with `conversation.unknown`, `transfer.not_pending`, `task.not_yours`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelTransfer {
    /// The agent who holds the task.
    pub agent: AgentId,
    /// The conversation.
    pub conversation: ConversationId,
}

impl sealed::Sealed for CancelTransfer {}

impl Command for CancelTransfer {
    type Output = Done;
    const NAME: &'static str = "cancel_transfer";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::conversation(self.conversation), Key::presence(&self.agent)]
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Done, Stop> {
        let found = view.conversation(self.conversation)?;
        let conversation = rules::known_conversation(&mut draft.checks, found, self.conversation)?;
        rules::transfer_stands(&mut draft.checks, conversation, &self.agent);
        draft.checks.all_hold()?;
        end_offer(cx, view, draft, conversation, OfferEnd::Cancelled)?;
        Ok(Done)
    }
}
