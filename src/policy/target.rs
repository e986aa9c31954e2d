//! To whom a task can go: a queue, or an agent who can be asked (R24, R40–R46, R49).

use chrono::{DateTime, Utc};

use super::rules::{free_outbound_slot, when_slots_are_free};
use super::{Checks, Refused};
use crate::directory::{Agent, Directory, Profile, Queue};
use crate::model::{
    AgentId, Channel, Conversation, ConversationId, HandoverRequest, Holder, MediaClass, Occupant, OfferId, Presence,
    QueueId, Session, State, TaskState,
};
use crate::refusal::{Code, Fact, Refusal, Retry};

/// R40: the target exists.
pub(crate) fn needed_target<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    target: &AgentId,
) -> Result<&'a Agent, Refused> {
    checks.need(directory.agent(target), Code::TargetUnknown, || vec![Fact::new("target", target)])
}

/// R43: nobody transfers to themselves.
pub(crate) fn not_to_self(checks: &mut Checks, agent: &AgentId, target: &AgentId) {
    checks.require(agent != target, Code::TransferToSelf, || vec![Fact::new("agent", agent)]);
}

/// R44: the queue exists and takes the channel.
pub(crate) fn known_queue<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    queue: &QueueId,
    channel: Channel,
) -> Result<&'a Queue, Refused> {
    let found = checks.need(directory.queue(queue), Code::QueueUnknown, || vec![Fact::new("queue", queue)])?;
    checks.require(found.serves(channel), Code::QueueOtherChannel, || {
        vec![Fact::new("queue", queue), Fact::new("channel", channel)]
    });
    Ok(found)
}

/// R44: the queue exists, or there is nothing to go on with.
pub(crate) fn needed_queue<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    queue: &QueueId,
) -> Result<&'a Queue, Refused> {
    checks.need(directory.queue(queue), Code::QueueUnknown, || vec![Fact::new("queue", queue)])
}

/// R49: something waits in the queue.
pub(crate) fn waiting<T>(checks: &mut Checks, head: Option<T>, queue: &QueueId) -> Result<T, Refused> {
    checks.need(head, Code::QueueEmpty, || vec![Fact::new("queue", queue)])
}

/// R49: somebody can take the queue's next task.
pub(crate) fn somebody<T>(checks: &mut Checks, chosen: Option<T>, queue: &QueueId) -> Result<T, Refused> {
    checks.need(chosen, Code::QueueNoAgent, || vec![Fact::new("queue", queue)])
}

/// R44: the agent is signed in to one of the queue's teams.
pub(crate) fn serves_queue(checks: &mut Checks, queue: &Queue, target: &Agent, presence: Option<&Presence>) {
    let Some(session) = presence.and_then(Presence::session) else { return };
    checks.require(serves(queue, target, session), Code::TargetNotInQueue, || {
        vec![Fact::new("target", target.id()), Fact::new("queue", queue.id())]
    });
}

/// Whether an agent who is signed in gets the queue's tasks: not for a team that they have left since.
pub(crate) fn serves(queue: &Queue, agent: &Agent, session: &Session) -> bool {
    queue.is_served_by(&session.team) && agent.may_sign_in_to(&session.team)
}

/// R46, R49: an agent who can be asked is signed in, Available, equipped for the channel, has a free slot that the blending
/// mode lets be filled, and owes no wrap-up of this very conversation.
pub(crate) fn can_be_offered(
    checks: &mut Checks,
    directory: &Directory,
    target: &Agent,
    presence: Option<&Presence>,
    conversation: ConversationId,
    channel: Channel,
) {
    let class = channel.class();
    let Some((presence, session)) = present(checks, target, presence) else { return };
    available(checks, target, presence, session, class);
    equipped(checks, directory, target, session, channel);
    no_wrap_up_owed(checks, presence, conversation);
    if let Some(profile) = directory.profile_for(target, Some(&session.team)) {
        within_limit(checks, target, presence, profile.profile, class, presence.used(class) + 1);
        blending_lets(checks, target, presence, profile.profile, class);
    }
}

/// R49: an agent who was asked can still take the task: equipped for it, and within the limits with the slot that the
/// offer reserved.
pub(crate) fn can_still_take(
    checks: &mut Checks,
    directory: &Directory,
    target: &Agent,
    presence: &Presence,
    channel: Channel,
    reserved: bool,
) {
    let class = channel.class();
    let Some((presence, session)) = present(checks, target, Some(presence)) else { return };
    equipped(checks, directory, target, session, channel);
    if let Some(profile) = directory.profile_for(target, Some(&session.team)) {
        within_limit(checks, target, presence, profile.profile, class, presence.used(class) + usize::from(!reserved));
    }
}

/// R46: the target is signed in.
fn present<'a>(
    checks: &mut Checks,
    target: &Agent,
    presence: Option<&'a Presence>,
) -> Option<(&'a Presence, &'a Session)> {
    let found = presence.and_then(|presence| Some((presence, presence.session()?)));
    checks.some(found, Code::TargetSignedOut, || vec![Fact::new("target", target.id())])
}

/// R46: the target is Available.
fn available(checks: &mut Checks, target: &Agent, presence: &Presence, session: &Session, class: MediaClass) {
    let state = &session.states.get(class).state;
    checks.require_of(presence.key(), *state == State::Available, Code::TargetNotAvailable, || {
        vec![Fact::new("target", target.id()), Fact::new("state", state.as_str())]
    });
}

/// R12, R49: the target is within the limit with one more; without any slot it is not even equipped.
fn within_limit(
    checks: &mut Checks,
    target: &Agent,
    presence: &Presence,
    profile: &Profile,
    class: MediaClass,
    with_this: usize,
) {
    let limit = usize::from(profile.limit(class));
    checks.check(limit == 0 || with_this <= limit, || {
        let facts = vec![
            Fact::new("target", target.id()),
            Fact::new("class", class),
            Fact::new("used", presence.used(class) as u64),
            Fact::new("limit", limit as u64),
        ];
        let held = presence.slots().iter().filter(|slot| slot.class == class);
        Refusal::new(Code::TargetFull, facts).with_retry(when_slots_are_free(
            presence,
            held,
            with_this.saturating_sub(limit),
        ))
    });
}

/// R24: the target's blending mode lets the offer through.
fn blending_lets(checks: &mut Checks, target: &Agent, presence: &Presence, profile: &Profile, class: MediaClass) {
    let permits = profile.blending().permits(class, presence.slots().iter().map(|slot| slot.class));
    checks.require_of(presence.key(), permits, Code::TargetBlended, || {
        vec![
            Fact::new("target", target.id()),
            Fact::new("class", class),
            Fact::new("blending", profile.blending().as_str()),
        ]
    });
}

/// R12: an agent who asked for an outbound task has not started so many others meanwhile that it would be one too many.
pub(crate) fn within_outbound_limit(
    checks: &mut Checks,
    directory: &Directory,
    agent: &Agent,
    presence: &Presence,
    conversation: &Conversation,
) {
    let Some(session) = presence.session().filter(|_| conversation.is_outbound()) else { return };
    if let Some(profile) = directory.profile_for(agent, Some(&session.team)) {
        free_outbound_slot(checks, profile.profile, presence, conversation.channel().class());
    }
}

/// R3, R5: the target may work on the channel.
fn equipped(checks: &mut Checks, directory: &Directory, target: &Agent, session: &Session, channel: Channel) {
    let profile = directory.profile_for(target, Some(&session.team));
    let problem = match profile {
        _ if !target.has_digital_access() => Some("no access to digital channels"),
        None => Some("no multimedia profile"),
        Some(profile) if profile.profile.limit(channel.class()) == 0 => Some("no slots for it in the profile"),
        Some(_) => None,
    };
    checks.require(problem.is_none(), Code::TargetNotEquipped, || {
        vec![
            Fact::new("target", target.id()),
            Fact::new("channel", channel),
            Fact::new("problem", problem.unwrap_or_default()),
        ]
    });
}

/// R50: one slot per conversation: an agent who still wraps it up cannot be given it again.
pub(crate) fn no_wrap_up_owed(checks: &mut Checks, presence: &Presence, conversation: ConversationId) {
    let owed = presence.slot_of(conversation).filter(|slot| matches!(slot.occupant, Occupant::WrapUp { .. }));
    checks.check(owed.is_none(), || {
        let refusal = Refusal::new(Code::TargetWrapsUp, vec![Fact::new("target", presence.agent())]);
        match owed.and_then(|slot| slot.deadline()) {
            Some(deadline) => refusal.with_retry(Retry::At(deadline)),
            None => refusal,
        }
    });
}

/// R49: the offer stands, is for this agent, and has not lapsed.
pub(crate) fn offer_stands(
    checks: &mut Checks,
    conversation: &Conversation,
    offer: OfferId,
    agent: &AgentId,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let pending = conversation.state().offer().filter(|pending| pending.id == offer);
    let pending = checks.need(pending, Code::OfferNotPending, || vec![Fact::new("conversation", conversation.id())])?;
    checks.require(pending.to == *agent, Code::OfferNotYours, || vec![Fact::new("target", &pending.to)]);
    checks.require(now < pending.expires, Code::OfferLapsed, || vec![Fact::new("deadline", pending.expires)]);
    checks.all_hold()
}

/// B4: the request to hand over stands, and has not lapsed.
pub(crate) fn request_stands<'a>(
    checks: &mut Checks,
    request: Option<&'a HandoverRequest>,
    now: DateTime<Utc>,
) -> Result<&'a HandoverRequest, Refused> {
    let request = checks.need(request, Code::HandoverNotAsked, Vec::new)?;
    checks.require(now < request.expires, Code::OfferLapsed, || vec![Fact::new("deadline", request.expires)]);
    checks.all_hold()?;
    Ok(request)
}

/// R49: a transfer by this agent is pending on this conversation.
pub(crate) fn transfer_stands(checks: &mut Checks, conversation: &Conversation, agent: &AgentId) {
    let frozen = matches!(conversation.state(), TaskState::Frozen { .. });
    checks.require_of(conversation.key(), frozen, Code::TransferNotPending, || {
        vec![Fact::new("conversation", conversation.id())]
    });
    if let TaskState::Frozen { agent: sender, .. } = conversation.state() {
        checks.require(sender == agent, Code::TaskNotYours, || {
            vec![Fact::new("agent", agent), Fact::new("holder", Holder::Agent(sender.clone()))]
        });
    }
}
