//! Who may start a conversation: licence, channel access, presence, state, profile (R1–R9).

use std::iter;

use super::rules::{free_outbound_slot, free_slot};
use super::{Checks, Refused};
use crate::directory::{Agent, Directory, Licence, Resolved};
use crate::model::{
    AgentId, By, Channel, ChosenState, InteractionId, Key, MediaClass, Occupant, Presence, Session, Slot, State, TeamId,
};
use crate::refusal::{Code, Fact, Refusal, Retry, Value};

/// R8: the agent exists.
pub(crate) fn known_agent<'a>(checks: &mut Checks, directory: &'a Directory, agent: &AgentId) -> Option<&'a Agent> {
    checks.some(directory.agent(agent), Code::AgentUnknown, || vec![Fact::new("agent", agent)])
}

/// R8: where an agent does it, the agent exists.
pub(crate) fn known_if_agent(checks: &mut Checks, directory: &Directory, who: &By) {
    if let By::Agent(agent) = who {
        known_agent(checks, directory, agent);
    }
}

/// R8: the agent exists, or there is nothing to go on with.
pub(crate) fn needed_agent<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    agent: &AgentId,
) -> Result<&'a Agent, Refused> {
    checks.need(directory.agent(agent), Code::AgentUnknown, || vec![Fact::new("agent", agent)])
}

/// R8: the agent is signed in.
pub(crate) fn signed_in<'a>(
    checks: &mut Checks,
    agent: &AgentId,
    presence: Option<&'a Presence>,
) -> Option<&'a Session> {
    let session = presence.and_then(Presence::session);
    checks.check(session.is_some(), || of_state(Code::AgentSignedOut, agent, None));
    session
}

/// R8: there is a session to end; B15: or there are slots that were left behind without one.
pub(crate) fn something_to_leave(checks: &mut Checks, agent: &AgentId, presence: Option<&Presence>) {
    let some = presence.is_some_and(|presence| presence.session().is_some() || !presence.slots().is_empty());
    checks.require(some, Code::AgentSignedOut, || vec![Fact::new("agent", agent)]);
}

/// R3, R4, R8: who may start a conversation on any channel at all.
pub(crate) fn may_write_first(checks: &mut Checks, directory: &Directory, agent: &Agent) {
    premium_licence(checks, agent);
    digital_access(checks, agent);
    digital_organization(checks, directory);
}

/// R3: the licence is Premium.
fn premium_licence(checks: &mut Checks, agent: &Agent) {
    checks.require(agent.licence() == Licence::Premium, Code::LicenceNotPremium, || {
        vec![Fact::new("agent", agent.id()), Fact::new("licence", agent.licence().as_str())]
    });
}

/// R3: the agent has access to digital channels.
fn digital_access(checks: &mut Checks, agent: &Agent) {
    checks.require(agent.has_digital_access(), Code::LicenceNoDigitalAccess, || vec![Fact::new("agent", agent.id())]);
}

/// R4: the organization has enabled digital channels.
fn digital_organization(checks: &mut Checks, directory: &Directory) {
    checks.require(directory.organization().has_digital_channels(), Code::OrganizationNotDigital, Vec::new);
}

/// R2, R5, R6, R8, R12: whether an agent could start a conversation on a channel now.
pub(crate) fn may_use_channel(
    checks: &mut Checks,
    directory: &Directory,
    agent: &Agent,
    presence: Option<&Presence>,
    channel: Channel,
) {
    let class = channel.class();
    outbound_channel(checks, channel);
    let session = signed_in(checks, agent.id(), presence);
    let profile = profile(checks, directory, agent, session);
    if let Some(session) = session {
        may_start_in_state(checks, agent.id(), session, class);
    }
    let Some(profile) = profile else { return };
    if let (true, Some(presence)) = (profile_allows(checks, &profile, class), presence) {
        free_slot(checks, profile.profile, presence, class);
        free_outbound_slot(checks, profile.profile, presence, class);
    }
}

/// R2: conversations start on SMS and e-mail only.
pub(crate) fn outbound_channel(checks: &mut Checks, channel: Channel) -> bool {
    checks.require(channel.starts_outbound(), Code::ChannelNotOutbound, || vec![Fact::new("channel", channel)])
}

/// R5: the profile of the agent, the team signed in to, or the team's site; without a session only the agent's own counts.
pub(crate) fn profile<'a>(
    checks: &mut Checks,
    directory: &'a Directory,
    agent: &'a Agent,
    session: Option<&Session>,
) -> Option<Resolved<'a>> {
    let profile = directory.profile_for(agent, session.map(|session| &session.team));
    if session.is_some() || profile.is_some() {
        checks.require(profile.is_some(), Code::ProfileAbsent, || vec![Fact::new("agent", agent.id())]);
    }
    profile
}

/// R5: the profile gives slots for the channel's class; a limit of 0 is not an absent profile.
pub(crate) fn profile_allows(checks: &mut Checks, profile: &Resolved<'_>, class: MediaClass) -> bool {
    checks.require(profile.profile.limit(class) > 0, Code::ProfileChannelNotAllowed, || {
        vec![Fact::new("profile", profile.profile.id()), Fact::new("class", class)]
    })
}

/// R6: the state is Available or RONA; Idle is refused. R7: nothing else about the agent's workload matters.
pub(crate) fn may_start_in_state(checks: &mut Checks, agent: &AgentId, session: &Session, class: MediaClass) {
    let state = &session.states.get(class).state;
    checks.check(!matches!(state, State::Idle(_)), || {
        let reason = if let State::Idle(reason) = state { reason.into() } else { Value::from("") };
        of_state(Code::AgentIdle, agent, [Fact::new("state", state.as_str()), Fact::new("reason", reason)])
    });
}

/// B3: a refusal that the agent's own state brings about; it may pass once that changes.
pub(crate) fn of_state(code: Code, agent: &AgentId, facts: impl IntoIterator<Item = Fact>) -> Refusal {
    let facts = iter::once(Fact::new("agent", agent)).chain(facts).collect();
    Refusal::new(code, facts).with_retry(Retry::WhenChanged(Key::presence(agent)))
}

/// R8: an agent who is signed in cannot sign in again.
pub(crate) fn not_signed_in(checks: &mut Checks, agent: &AgentId, presence: Option<&Presence>) {
    let session = presence.and_then(Presence::session);
    checks.check(session.is_none(), || {
        of_state(Code::AgentSignedIn, agent, session.map(|session| Fact::new("team", &session.team)))
    });
}

/// R5: an agent signs in to a team of theirs, whose profile may count.
pub(crate) fn team_of_agent(checks: &mut Checks, agent: &Agent, team: &TeamId) {
    checks.require(agent.may_sign_in_to(team), Code::AgentNotInTeam, || {
        vec![Fact::new("agent", agent.id()), Fact::new("team", team)]
    });
}

/// R6: an idle state carries one of the set-up's idle reasons.
pub(crate) fn known_state(checks: &mut Checks, directory: &Directory, state: &ChosenState) {
    if let ChosenState::Idle(reason) = state {
        checks.require(directory.idle_reason(reason).is_some(), Code::AgentIdleReasonUnknown, || {
            vec![Fact::new("reason", reason)]
        });
    }
}

/// R6: RONA is left by recovering from it, not by setting a state over it.
pub(crate) fn not_in_rona(checks: &mut Checks, agent: &AgentId, session: &Session, class: Option<MediaClass>) {
    let rona = in_rona(session, class);
    checks.check(!rona, || of_state(Code::AgentInRona, agent, None));
}

/// R6: only an agent in RONA recovers from it.
pub(crate) fn in_some_rona(checks: &mut Checks, agent: &AgentId, session: &Session) {
    checks.check(in_rona(session, None), || {
        let state = session.states.get(MediaClass::Voice).state.as_str();
        of_state(Code::AgentNotInRona, agent, [Fact::new("state", state)])
    });
}

fn in_rona(session: &Session, class: Option<MediaClass>) -> bool {
    let classes = MediaClass::ALL.into_iter().filter(|of| class.is_none_or(|class| class == *of));
    classes.into_iter().any(|class| session.states.get(class).state == State::Rona)
}

/// R6: a state for one class needs a profile that keeps states per channel.
pub(crate) fn states_per_channel(checks: &mut Checks, agent: &AgentId, per_channel: bool, class: Option<MediaClass>) {
    if class.is_some() {
        checks.require(per_channel, Code::AgentStateNotPerChannel, || vec![Fact::new("agent", agent)]);
    }
}

/// R8: an agent signs out without a task or an interaction in hand, unless the work is to be queued again.
pub(crate) fn empty_hands(checks: &mut Checks, presence: &Presence) {
    let busy = |slot: &&Slot| matches!(slot.occupant, Occupant::Task { .. } | Occupant::Interaction { .. });
    let held = presence.slots().iter().filter(busy).count() as u64;
    checks.check(held == 0, || of_state(Code::AgentHoldsWork, presence.agent(), [Fact::new("held", held)]));
}

/// R24: only an agent who is Available is offered work.
pub(crate) fn available(checks: &mut Checks, agent: &AgentId, session: &Session, class: MediaClass) {
    let state = &session.states.get(class).state;
    checks.check(*state != State::Rona, || of_state(Code::AgentInRona, agent, None));
    may_start_in_state(checks, agent, session, class);
}

/// R24: an interaction takes one slot.
pub(crate) fn interaction_new(checks: &mut Checks, presence: &Presence, interaction: &InteractionId) {
    checks.require(!holds_interaction(presence, interaction), Code::InteractionKnown, || {
        vec![Fact::new("interaction", interaction)]
    });
}

/// R24: only an interaction that holds a slot frees one.
pub(crate) fn interaction_known(
    checks: &mut Checks,
    agent: &AgentId,
    presence: Option<&Presence>,
    interaction: &InteractionId,
) {
    let known = presence.is_some_and(|presence| holds_interaction(presence, interaction));
    checks.require_of(Key::presence(agent), known, Code::InteractionUnknown, || {
        vec![Fact::new("interaction", interaction)]
    });
}

fn holds_interaction(presence: &Presence, interaction: &InteractionId) -> bool {
    let is = |slot: &Slot| matches!(&slot.occupant, Occupant::Interaction { interaction: held } if held == interaction);
    presence.slots().iter().any(is)
}
