//! The reason asked after a transfer or a close (R50).

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{ExtendWrapUp, Park, SetState, SignOut, Unfinished, WrapUp};
use outbound::model::{ChosenState, ConversationId, State, TaskState, WrapUpHow};
use outbound::refusal::{Code, Retry};

use crate::support::{Floor, fact, id, sms, to_queue};

const NUMBER: &str = "+351912345678";
const OTHER: &str = "+351912345679";

/// Ana has just closed a conversation.
fn closed() -> (Floor, ConversationId) {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", NUMBER);
    floor.close("ana", conversation);
    (floor, conversation)
}

fn wrap_up(agent: &str, conversation: ConversationId, reason: &str) -> WrapUp {
    WrapUp { agent: id(agent), conversation, reason: id(reason) }
}

fn extend(agent: &str, conversation: ConversationId) -> ExtendWrapUp {
    ExtendWrapUp { agent: id(agent), conversation }
}

/// The reasons of an agent's parts of a conversation, and how each was given.
fn reasons(floor: &Floor, conversation: ConversationId, agent: &str) -> Vec<Option<(String, WrapUpHow)>> {
    let conversation = floor.conversation(conversation);
    let legs = conversation.legs().iter().filter(|leg| leg.agent == id(agent));
    legs.map(|leg| leg.wrap_up.as_ref().map(|given| (given.reason.to_string(), given.how))).collect()
}

fn chosen(reason: &str) -> Option<(String, WrapUpHow)> {
    Some((reason.into(), WrapUpHow::Chosen))
}

fn default() -> Option<(String, WrapUpHow)> {
    Some(("none_given".into(), WrapUpHow::Default))
}

fn deadline(floor: &Floor, agent: &str) -> DateTime<Utc> {
    floor.presence(agent).next_deadline().expect("a wrap-up is owed")
}

#[test]
fn r50_a_reason_is_asked_after_a_close() {
    let (floor, conversation) = closed();
    assert_eq!(floor.task(conversation), TaskState::WrapUp { agent: id("ana") });
    floor.passes(&wrap_up("ana", conversation, "resolved"), Code::WrapUpNotOwed);
    floor.ok(&wrap_up("ana", conversation, "resolved"));
    assert_eq!(reasons(&floor, conversation, "ana"), [chosen("resolved")]);
    assert_eq!(floor.task(conversation), TaskState::Done);
    assert_eq!(floor.slots("ana"), 0);
}

#[test]
fn r50_a_reason_is_asked_of_each_who_hands_a_task_on() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", NUMBER);
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.refuses(&wrap_up("ana", conversation, "resolved"), Code::WrapUpNotOwed);
    floor.accept("bruno", conversation, offered.offer);
    floor.ok(&wrap_up("ana", conversation, "resolved"));
    floor.ok(&to_queue("bruno", conversation, "care_queue"));
    assert_eq!(reasons(&floor, conversation, "bruno"), [None]);
    floor.pass(60);
    assert_eq!(reasons(&floor, conversation, "ana"), [chosen("resolved")]);
    assert_eq!(reasons(&floor, conversation, "bruno"), [default()]);
    assert!(matches!(floor.task(conversation), TaskState::Queued { .. }), "the task itself goes on");
}

#[test]
fn r50_at_the_deadline_the_default_is_recorded() {
    let (floor, conversation) = closed();
    floor.pass(59);
    assert_eq!(reasons(&floor, conversation, "ana"), [None]);
    let ((), events) = floor.events_of(|| floor.pass(1));
    assert_eq!(events, ["slot_freed", "wrapped_up"]);
    assert_eq!(reasons(&floor, conversation, "ana"), [default()]);
    floor.refuses(&wrap_up("ana", conversation, "resolved"), Code::WrapUpNotOwed);
}

#[test]
fn r50_one_reason_is_given_once_and_by_who_owes_it() {
    let (floor, conversation) = closed();
    floor.refuses(&wrap_up("bruno", conversation, "resolved"), Code::WrapUpNotOwed);
    let refusals = floor.refuses(&wrap_up("ana", conversation, "bored"), Code::WrapUpReasonUnknown);
    assert_eq!(fact(&refusals, &Code::WrapUpReasonUnknown, "reason"), "bored");
    floor.passes(&wrap_up("ana", conversation, "resolved"), Code::WrapUpReasonUnknown);
    floor.ok(&wrap_up("ana", conversation, "resolved"));
    let refusals = floor.refuses(&wrap_up("ana", conversation, "none_given"), Code::WrapUpNotOwed);
    assert_eq!(fact(&refusals, &Code::WrapUpNotOwed, "agent"), "ana");
    assert_eq!(reasons(&floor, conversation, "ana"), [chosen("resolved")]);
}

#[test]
fn r50_the_extension_is_bounded() {
    let (floor, conversation) = closed();
    let first = deadline(&floor, "ana");
    floor.passes(&extend("ana", conversation), Code::WrapUpExtensionsUsed);
    floor.ok(&extend("ana", conversation));
    assert_eq!(deadline(&floor, "ana"), first + TimeDelta::seconds(20));
    let refusals = floor.refuses(&extend("ana", conversation), Code::WrapUpExtensionsUsed);
    assert_eq!(fact(&refusals, &Code::WrapUpExtensionsUsed, "limit"), "1");
    floor.refuses(&extend("bruno", conversation), Code::WrapUpNotOwed);
    floor.pass(79);
    assert_eq!(reasons(&floor, conversation, "ana"), [None]);
    floor.pass(1);
    assert_eq!(reasons(&floor, conversation, "ana"), [default()]);
}

#[test]
fn r50_the_slot_is_held_until_the_reason_is_given() {
    let floor = Floor::new();
    floor.sign_in(&["iris"]);
    let conversation = floor.start_sms("iris", NUMBER);
    floor.close("iris", conversation);
    let refusals = floor.refuses(&sms("iris", OTHER), Code::CapacityFull);
    assert_eq!(refusals.primary().retry(), Retry::At(deadline(&floor, "iris")));
    floor.ok(&wrap_up("iris", conversation, "resolved"));
    floor.ok(&sms("iris", OTHER));
}

#[test]
fn r50_each_of_several_wrap_ups_has_its_own_deadline() {
    let (floor, first) = closed();
    floor.advance(10);
    let second = floor.start_sms("ana", NUMBER);
    assert_eq!(floor.conversation(second).previous(), Some(first), "the key was free at once");
    floor.close("ana", second);
    floor.pass(50);
    assert_eq!(reasons(&floor, first, "ana"), [default()]);
    assert_eq!(reasons(&floor, second, "ana"), [None]);
    floor.pass(10);
    assert_eq!(reasons(&floor, second, "ana"), [default()]);
}

#[test]
fn r50_a_wrap_up_that_expires_during_a_transfer_leaves_the_transfer_alone() {
    let (floor, wrapped) = closed();
    floor.advance(45);
    let other = floor.start_sms("ana", OTHER);
    let offered = floor.transfer("ana", other, "bruno");
    floor.pass(20);
    assert_eq!(reasons(&floor, wrapped, "ana"), [default()]);
    assert!(matches!(floor.task(other), TaskState::Frozen { .. }));
    assert_eq!(floor.presence("ana").transferring(), Some(other));
    floor.accept("bruno", other, offered.offer);
    assert_eq!(floor.slots("ana"), 1, "the wrap-up of the other");
}

#[test]
fn r50_signing_out_takes_the_default() {
    let (floor, conversation) = closed();
    floor.ok(&SignOut { agent: id("ana"), unfinished: Unfinished::Refuse });
    assert_eq!(reasons(&floor, conversation, "ana"), [default()]);
    assert_eq!(floor.task(conversation), TaskState::Done);
}

#[test]
fn r50_a_wrap_up_is_no_matter_of_the_state() {
    let (floor, conversation) = closed();
    floor.set_idle("ana");
    floor.pass(60);
    assert_eq!(floor.state("ana"), State::Idle(id("lunch")));
    assert_eq!(reasons(&floor, conversation, "ana"), [default()]);
    floor.ok(&SetState { agent: id("ana"), class: None, state: ChosenState::Available });
}

#[test]
fn r50_who_holds_a_task_twice_wraps_up_the_part_that_is_owed() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let conversation = floor.start_sms("ana", NUMBER);
    let until = floor.now() + TimeDelta::seconds(30);
    floor.ok(&Park { agent: id("ana"), conversation, until, queue: None });
    floor.pass(30);
    let offer = floor.task(conversation).offer().unwrap().id;
    floor.accept("ana", conversation, offer);
    floor.close("ana", conversation);
    floor.ok(&wrap_up("ana", conversation, "resolved"));
    assert_eq!(reasons(&floor, conversation, "ana"), [None, chosen("resolved")], "nothing is asked of a parking");
}
