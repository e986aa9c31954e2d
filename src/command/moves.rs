//! Moves that several commands share: offering, returning, queueing, wrapping up. Each keeps the ledger of slots in step
//! with the task.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::directory::StateScope;
use crate::engine::{Context, Draft, Stop, View};
use crate::model::{
    AgentId, Conversation, ConversationEvent, ConversationId, HandoverRequest, MediaClass, Message, MessageEvent,
    Occupant, Offer, OfferEnd, OfferId, Presence, PresenceEvent, Problem, QueueId, QueuedWhy, State, TaskState, WrapUp,
    WrapUpHow, WrapUpReasonId,
};
use crate::policy::{Checks, rules};
use crate::record::Offered;

/// A time from now, or the end of time.
pub(super) fn after(now: DateTime<Utc>, delta: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// R12: takes a slot for a conversation.
pub(super) fn take_slot(draft: &mut Draft, presence: &Arc<Presence>, conversation: &Conversation, occupant: Occupant) {
    let class = conversation.channel().class();
    let outbound = conversation.is_outbound();
    draft.record(presence, PresenceEvent::SlotTaken { class, outbound, occupant });
}

/// R12: frees the slot of a conversation.
pub(super) fn free_slot(draft: &mut Draft, presence: &Arc<Presence>, conversation: ConversationId) {
    draft.record(presence, PresenceEvent::SlotFreed { conversation });
}

/// R49: asks an agent to take a task; a slot is held for it from now on (R12).
pub(super) fn ask(
    cx: &Context<'_>,
    draft: &mut Draft,
    conversation: &Conversation,
    target: &Arc<Presence>,
    time: TimeDelta,
) -> Offer {
    let offer = Offer { id: OfferId::of(cx.command), to: target.agent().clone(), expires: after(cx.now, time) };
    let occupant = Occupant::Offer { conversation: conversation.id(), offer: offer.id };
    take_slot(draft, target, conversation, occupant);
    offer
}

/// R49: offers a task out of a queue to an agent.
pub(super) fn offer_from_queue(
    cx: &Context<'_>,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
    queue: &QueueId,
    since: DateTime<Utc>,
    target: &Arc<Presence>,
) -> Offered {
    let directory = cx.directory();
    let time =
        directory.queue(queue).map_or_else(|| directory.organization().timings().offer(), |queue| queue.offer_time());
    let offer = ask(cx, draft, conversation, target, time);
    let answer = offered(conversation.id(), &offer);
    draft.record(conversation, ConversationEvent::Offered { queue: Some(queue.clone()), since, offer });
    answer
}

/// What is told of an offer.
pub(super) fn offered(conversation: ConversationId, offer: &Offer) -> Offered {
    Offered { conversation, offer: offer.id, to: offer.to.clone(), expires: offer.expires }
}

/// R49: ends an offer or a transfer that comes to nothing: the one who was asked is free again, and the task is its sender's
/// or back at the head of its queue.
pub(super) fn end_offer(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
    why: OfferEnd,
) -> Result<(), Stop> {
    let Some(offer) = conversation.state().offer() else { return Ok(()) };
    release_target(cx, view, draft, conversation, &offer.to, why)?;
    match conversation.state() {
        TaskState::Frozen { agent, .. } => {
            draft.record(view.named_presence(agent)?, PresenceEvent::TransferSettled);
            draft.record(conversation, ConversationEvent::Unfrozen { why });
        }
        TaskState::Offered { queue: Some(queue), since, .. } => {
            let queue = home_queue(cx, conversation, Some(queue));
            let since = *since;
            draft.record(conversation, ConversationEvent::Queued { queue, since, why: QueuedWhy::Returned(why) });
        }
        _ => {}
    }
    Ok(())
}

/// R49: who let an offer lapse is in RONA, who declined is idle, and neither holds its slot any longer.
pub(super) fn release_target(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Conversation,
    target: &AgentId,
    why: OfferEnd,
) -> Result<(), Stop> {
    let presence = view.named_presence(target)?;
    free_slot(draft, presence, conversation.id());
    let state = match why {
        OfferEnd::TimedOut => State::Rona,
        OfferEnd::Declined => State::Idle(cx.directory().organization().declined_idle_reason().id().clone()),
        OfferEnd::Cancelled | OfferEnd::SignedOut | OfferEnd::LostCapacity | OfferEnd::Overtaken => return Ok(()),
    };
    if presence.session().is_some() {
        let class = state_scope(cx, presence, conversation.channel().class());
        draft.record(presence, PresenceEvent::StateSet { class, state });
    }
    Ok(())
}

/// R6: which class a state covers: one where the profile keeps them apart, else all.
pub(super) fn state_scope(cx: &Context<'_>, presence: &Presence, class: MediaClass) -> Option<MediaClass> {
    keeps_states_apart(cx, presence).then_some(class)
}

/// R6: whether the agent's profile keeps a state per channel.
pub(super) fn keeps_states_apart(cx: &Context<'_>, presence: &Presence) -> bool {
    let directory = cx.directory();
    let team = presence.session().map(|session| &session.team);
    let profile = directory.agent(presence.agent()).and_then(|agent| directory.profile_for(agent, team));
    profile.is_some_and(|resolved| resolved.profile.states() == StateScope::Channel)
}

/// The queue that a task goes to: the wished one while it exists and takes the channel, else the entry point's.
pub(super) fn home_queue(cx: &Context<'_>, conversation: &Conversation, wished: Option<&QueueId>) -> QueueId {
    let directory = cx.directory();
    wished
        .and_then(|queue| directory.queue(queue))
        .filter(|queue| queue.serves(conversation.channel()))
        .unwrap_or_else(|| directory.queue_for(conversation.entry_point()))
        .id()
        .clone()
}

/// B4: a request to hand over is off once the task moves on.
pub(super) fn drop_request(draft: &mut Draft, conversation: &Arc<Conversation>) {
    if matches!(conversation.state(), TaskState::Active { asked: Some(_), .. }) {
        draft.record(conversation, ConversationEvent::HandoverEnded { why: OfferEnd::Overtaken });
    }
}

/// B4: the pending request, if it is the one that is meant.
pub(super) fn pending_request(conversation: &Conversation, id: OfferId) -> Option<&HandoverRequest> {
    match conversation.state() {
        TaskState::Active { asked: Some(asked), .. } if asked.id == id => Some(asked),
        _ => None,
    }
}

/// R50: the wrap-up reason is asked; the slot is held until it is given, or taken by default at the deadline.
pub(super) fn begin_wrap_up(
    cx: &Context<'_>,
    draft: &mut Draft,
    presence: &Arc<Presence>,
    conversation: ConversationId,
) {
    let deadline = after(cx.now, cx.directory().organization().timings().wrap_up().time());
    let occupant = Occupant::WrapUp { conversation, deadline, extensions: 0 };
    draft.record(presence, PresenceEvent::SlotChanged { occupant });
}

/// R50: a wrap-up reason is recorded, and the slot is free.
pub(super) fn end_wrap_up(
    cx: &Context<'_>,
    draft: &mut Draft,
    presence: &Arc<Presence>,
    conversation: &Arc<Conversation>,
    reason: WrapUpReasonId,
    how: WrapUpHow,
) {
    free_slot(draft, presence, conversation.id());
    let wrap_up = WrapUp { reason, how, at: cx.now };
    let agent = presence.agent().clone();
    draft.record(conversation, ConversationEvent::WrappedUp { agent, wrap_up });
}

/// R50: the reason that is taken when none is given.
pub(super) fn default_reason(cx: &Context<'_>) -> WrapUpReasonId {
    cx.directory().organization().timings().wrap_up().default_reason().id().clone()
}

/// Takes a task from its agent, who is gone, and queues it again; a pending transfer is off.
pub(super) fn take_from_agent(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
    presence: &Arc<Presence>,
    why: QueuedWhy,
) -> Result<(), Stop> {
    if let TaskState::Frozen { transfer, .. } = conversation.state() {
        release_target(cx, view, draft, conversation, &transfer.to, OfferEnd::Overtaken)?;
        draft.record(presence, PresenceEvent::TransferSettled);
    }
    drop_request(draft, conversation);
    free_slot(draft, presence, conversation.id());
    let queue = home_queue(cx, conversation, None);
    draft.record(conversation, ConversationEvent::Queued { queue, since: cx.now, why });
    Ok(())
}

/// B13: a parked task wakes: its agent is asked first if that is possible, else it goes to its queue.
pub(super) fn wake(
    cx: &Context<'_>,
    view: &View,
    draft: &mut Draft,
    conversation: &Arc<Conversation>,
) -> Result<(), Stop> {
    let TaskState::Parked { by, queue, .. } = conversation.state() else { return Ok(()) };
    let queue = home_queue(cx, conversation, Some(queue));
    let presence = view.presence(by)?;
    if let (Some(presence), true) =
        (presence, can_be_offered(cx, by, presence.map(|presence| &**presence), conversation))
    {
        offer_from_queue(cx, draft, conversation, &queue, cx.now, presence);
    } else {
        draft.record(conversation, ConversationEvent::Queued { queue, since: cx.now, why: QueuedWhy::Woken });
    }
    Ok(())
}

/// R46: whether an agent can be asked, where the reasons why not are of no interest.
pub(super) fn can_be_offered(
    cx: &Context<'_>,
    agent: &AgentId,
    presence: Option<&Presence>,
    conversation: &Conversation,
) -> bool {
    let directory = cx.directory();
    let Some(agent) = directory.agent(agent) else { return false };
    let mut checks = Checks::whether();
    rules::can_be_offered(&mut checks, directory, agent, presence, conversation.id(), conversation.channel());
    checks.hold_so_far()
}

/// R36: a message needs no further attempt; the next one of its conversation may go.
pub(super) fn settle(view: &View, draft: &mut Draft, message: &Message) -> Result<(), Stop> {
    let conversation = view.named_conversation(message.conversation())?;
    if !conversation.unsettled().contains(&message.id()) {
        return Ok(()); // B5: a confirmation waits for none, and none for it.
    }
    let mut waiting = conversation.unsettled().iter().filter(|waiting| **waiting != message.id());
    if let (Some(first), Some(next)) = (conversation.unsettled().first(), waiting.next())
        && *first == message.id()
    {
        draft.record(view.named_message(*next)?, MessageEvent::Released);
    }
    draft.record(conversation, ConversationEvent::MessageSettled { message: message.id() });
    Ok(())
}

/// B10: a message has failed; the next one of its conversation may go.
pub(super) fn failed(view: &View, draft: &mut Draft, message: &Arc<Message>, problem: &Problem) -> Result<(), Stop> {
    settle(view, draft, message)?;
    draft.record(message, MessageEvent::DeliveryFailed { problem: problem.clone() });
    Ok(())
}
