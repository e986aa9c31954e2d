//! What the holder of a task may do with it (R26, R35–R39, R41, R42, R47, B11).

use chrono::TimeDelta;
use outbound::command::{
    Close, Conference, OnConflict, Park, ReceiveMessage, RecoverFromRona, Seen, SendMessage, StartOutbound,
    TriggerWorkflow,
};
use outbound::model::{Author, By, ChosenState, ConversationId, Direction, State, TaskState};
use outbound::port::Failure;
use outbound::refusal::{Code, Retry};

use crate::support::{Floor, NUMBER, fact, id, inbound, sms, text, to_agent, to_queue, working};

const OTHER: &str = "+351912345679";

/// The same, while Bruno is asked to take it.
fn frozen() -> (Floor, ConversationId) {
    let (floor, conversation) = working();
    floor.transfer("ana", conversation, "bruno");
    (floor, conversation)
}

fn close(agent: &str, conversation: ConversationId) -> Close {
    Close { by: By::Agent(id(agent)), conversation }
}

fn host_close(conversation: ConversationId) -> Close {
    Close { by: By::Host, conversation }
}

fn workflow(agent: &str, conversation: ConversationId, name: &str) -> TriggerWorkflow {
    TriggerWorkflow { agent: id(agent), conversation, workflow: id(name) }
}

fn park(floor: &Floor, agent: &str, conversation: ConversationId) -> Park {
    Park { agent: id(agent), conversation, until: floor.now() + TimeDelta::hours(1), queue: None }
}

/// Bruno takes what is queued and is about to park it.
fn about_to_park(floor: &Floor, conversation: ConversationId) -> Park {
    floor.ok(&RecoverFromRona { agent: id("bruno"), state: ChosenState::Available });
    let offered = floor.route("care_queue", Some("bruno"));
    floor.accept("bruno", conversation, offered.offer);
    park(floor, "bruno", conversation)
}

#[test]
fn r26_a_reply_joins_its_conversation_and_its_customer_whatever_the_state() {
    let (floor, conversation) = working();
    let customer = floor.conversation(conversation).customer().clone();
    let reply = |what: &str| {
        let received = floor.receive_sms("sms_care", NUMBER, what);
        assert_eq!((received.conversation, received.opened), (conversation, false), "{what}");
        assert_eq!(floor.conversation(conversation).last_inbound(), Some(received.message));
    };
    reply("active");
    floor.transfer("ana", conversation, "bruno");
    reply("frozen");
    floor.pass(31);
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    reply("queued");
    floor.ok(&about_to_park(&floor, conversation));
    reply("parked");
    assert_eq!(floor.conversation(conversation).messages(), 4);
    assert_eq!(*floor.conversation(conversation).customer(), customer);
}

#[test]
fn r26_another_entry_point_and_another_address_are_other_threads() {
    let (floor, conversation) = working();
    let elsewhere = floor.receive_sms("sms_sales", NUMBER, "hello");
    assert!(elsewhere.opened);
    assert_eq!(floor.conversation(elsewhere.conversation).customer(), floor.conversation(conversation).customer());
    let other = floor.receive_sms("sms_care", OTHER, "hello");
    assert_ne!(floor.conversation(other.conversation).customer(), floor.conversation(conversation).customer());
    let twice = inbound("sms_care", NUMBER, "one-id", "hello");
    let (first, again) = (floor.ok(&twice), floor.ok(&twice));
    assert!(again.duplicate && again.message == first.message);
    let same_id_elsewhere = floor.ok(&inbound("sms_sales", NUMBER, "one-id", "hello"));
    assert!(!same_id_elsewhere.duplicate, "a provider's id counts within its entry point");
}

#[test]
fn r26_a_reply_from_another_address_of_the_customer_links_to_the_customer_and_is_a_thread_of_its_own() {
    let (floor, conversation) = working();
    let customer = floor.conversation(conversation).customer().clone();
    let second_phone =
        ReceiveMessage { customer: Some(customer.clone()), ..inbound("sms_care", OTHER, "in-1", "it is me") };
    let received = floor.ok(&second_phone);
    assert!(received.opened);
    assert_eq!(*floor.conversation(received.conversation).customer(), customer);
    let again = floor.receive_sms("sms_care", OTHER, "still me");
    assert_eq!((again.conversation, again.opened), (received.conversation, false));
    floor.ok(&host_close(received.conversation));
    let later = floor.receive_sms("sms_care", OTHER, "me once more");
    assert_eq!(*floor.conversation(later.conversation).customer(), customer, "the address is known by now");
}

#[test]
fn r21_what_does_not_exist_is_named() {
    let (floor, conversation) = working();
    let missing = floor.no_conversation();
    let refusals = floor.refuses(&text("ana", missing, "hello"), Code::ConversationUnknown);
    assert_eq!(refusals.primary().conversation(), Some(missing));
    floor.refuses(&close("ana", missing), Code::ConversationUnknown);
    floor.passes(&text("ana", conversation, "hello"), Code::ConversationUnknown);
}

#[test]
fn r35_a_workflow_is_triggered_by_hand() {
    let (floor, conversation) = working();
    let refusals = floor.refuses(&workflow("ana", conversation, "nope"), Code::WorkflowUnknown);
    assert_eq!(fact(&refusals, &Code::WorkflowUnknown, "workflow"), "nope");
    floor.passes(&workflow("ana", conversation, "refund"), Code::WorkflowUnknown);
    floor.refuses(&workflow("bruno", conversation, "refund"), Code::TaskNotYours);
    let ((), events) = floor.events_of(|| _ = floor.ok(&workflow("ana", conversation, "refund")));
    assert_eq!(events, ["workflow_triggered"]);
}

#[test]
fn r38_an_event_workflow_is_never_triggered() {
    let (floor, conversation) = working();
    let refusals = floor.refuses(&workflow("ana", conversation, "on_close"), Code::WorkflowEventOnly);
    assert_eq!(refusals.primary().retry(), Retry::Never);
    floor.passes(&workflow("ana", conversation, "refund"), Code::WorkflowEventOnly);
    let ((), events) = floor.events_of(|| floor.close("ana", conversation));
    assert_eq!(events, ["slot_changed", "closed", "thread_closed"], "no workflow, and the stream is complete");
}

#[test]
fn r36_a_double_press_sends_once() {
    let (floor, conversation) = working();
    let press = floor.id();
    let first = floor.run_as(press, &text("ana", conversation, "hello")).unwrap();
    floor.advance(5);
    assert_eq!(floor.run_as(press, &text("ana", conversation, "hello")).unwrap(), first);
    assert_eq!(floor.conversation(conversation).messages(), 1);
    let other = floor.run_as(press, &text("ana", conversation, "something else"));
    assert!(matches!(other, Err(Failure::Fault(_))), "another message needs another id: {other:?}");
    floor.close("ana", conversation);
    assert_eq!(floor.run_as(press, &text("ana", conversation, "hello")).unwrap(), first, "even when it is over");
}

#[test]
fn r36_a_message_is_numbered_and_keeps_who_sent_it_from_where_and_until_when() {
    let (floor, conversation) = working();
    assert_eq!(floor.ok(&text("ana", conversation, "one")).number, 1);
    floor.receive_sms("sms_care", NUMBER, "two");
    let third = floor.ok(&text("ana", conversation, "three"));
    assert_eq!(third.number, 3);
    let message = floor.message(third.message);
    let Direction::Outbound { by, from, not_after, .. } = message.draft().direction.clone() else {
        panic!("it was sent")
    };
    assert_eq!((by, &*from), (Author::Agent(id("ana")), "+351910000001"));
    assert_eq!(not_after, floor.now() + TimeDelta::days(1));
    assert_eq!(message.draft().address.as_text(), NUMBER);
}

#[test]
fn r36_a_message_whose_deadline_has_passed_is_not_taken() {
    let (floor, conversation) = working();
    let by = |not_after| SendMessage { not_after: Some(not_after), ..text("ana", conversation, "hello") };
    floor.refuses(&by(floor.now()), Code::MessageDeadlinePassed);
    floor.passes(&by(floor.now() + TimeDelta::microseconds(1)), Code::MessageDeadlinePassed);
    floor.passes(&text("ana", conversation, "hello"), Code::MessageDeadlinePassed);
}

#[test]
fn r37_there_is_no_conference() {
    let (floor, conversation) = working();
    let conference = Conference { agent: id("ana"), conversation };
    let refusals = floor.refuses(&conference, Code::ConferenceNotSupported);
    assert_eq!(refusals.codes(), [Code::ConferenceNotSupported]);
    assert_eq!(refusals.primary().retry(), Retry::Never);
}

#[test]
fn r39_what_is_closed_stays_closed_and_the_next_contact_keeps_the_history() {
    let (floor, first) = working();
    floor.passes(&text("ana", first, "bye"), Code::ConversationClosed);
    floor.close("ana", first);
    floor.refuses(&text("ana", first, "hello"), Code::ConversationClosed);
    floor.refuses(&close("ana", first), Code::ConversationClosed);
    floor.refuses(&host_close(first), Code::ConversationClosed);
    floor.refuses(&to_agent("ana", first, "bruno"), Code::ConversationClosed);
    floor.refuses(&park(&floor, "ana", first), Code::ConversationClosed);

    let second = floor.start_sms("ana", NUMBER);
    floor.close("ana", second);
    let third = floor.receive_sms("sms_care", NUMBER, "hello again");
    assert!(third.opened, "closing frees the key at once");
    assert_eq!(floor.conversation(third.conversation).previous(), Some(second));
    assert_eq!(floor.conversation(second).previous(), Some(first));
    assert_eq!(floor.conversation(third.conversation).customer(), floor.conversation(first).customer());
}

#[test]
fn r41_only_the_agent_who_has_accepted_it_handles_a_task() {
    let (floor, conversation) = working();
    let refusals = floor.refuses(&text("bruno", conversation, "hello"), Code::TaskNotYours);
    assert_eq!(fact(&refusals, &Code::TaskNotYours, "holder"), "agent ana");
    floor.refuses(&close("bruno", conversation), Code::TaskNotYours);
    floor.refuses(&to_queue("bruno", conversation, "care_queue"), Code::TaskNotYours);
    floor.refuses(&park(&floor, "bruno", conversation), Code::TaskNotYours);
    floor.passes(&text("ana", conversation, "hello"), Code::TaskNotYours);

    let offered = floor.transfer("ana", conversation, "bruno");
    floor.refuses(&text("bruno", conversation, "not yet mine"), Code::TaskNotYours);
    floor.accept("bruno", conversation, offered.offer);
    floor.passes(&text("bruno", conversation, "now"), Code::TaskNotYours);
    floor.refuses(&text("ana", conversation, "no longer mine"), Code::TaskNotYours);
}

#[test]
fn r42_only_an_active_task_is_handled() {
    let (floor, conversation) = working();
    floor.passes(&to_queue("ana", conversation, "care_queue"), Code::TaskNotActive);
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::TaskNotActive);
    assert_eq!(fact(&refusals, &Code::TaskNotActive, "status"), "queued");
    assert_eq!(fact(&refusals, &Code::TaskNotActive, "holder"), "queue care_queue");
    floor.route("care_queue", Some("bruno"));
    let refusals = floor.refuses(&to_agent("bruno", conversation, "ana"), Code::TaskNotActive);
    assert_eq!(fact(&refusals, &Code::TaskNotActive, "status"), "offered");
}

#[test]
fn r42_the_host_closes_only_what_no_agent_holds() {
    let (floor, conversation) = working();
    let refusals = floor.refuses(&host_close(conversation), Code::TaskHeldByAgent);
    assert_eq!(fact(&refusals, &Code::TaskHeldByAgent, "holder_agent"), "ana");
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    floor.route("care_queue", Some("bruno"));
    assert_eq!(floor.slots("bruno"), 1);
    floor.passes(&host_close(conversation), Code::TaskHeldByAgent);
    floor.ok(&host_close(conversation));
    assert_eq!(floor.task(conversation), TaskState::Done);
    assert_eq!((floor.slots("bruno"), floor.state("bruno")), (0, State::Available), "the offer is off, by no fault");
}

#[test]
fn r47_a_frozen_task_sends_closes_parks_and_transfers_nothing() {
    let (floor, conversation) = frozen();
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::TaskFrozen);
    assert_eq!(fact(&refusals, &Code::TaskFrozen, "target"), "bruno");
    assert_eq!(refusals.primary().retry(), Retry::At(floor.now() + TimeDelta::seconds(30)));
    floor.refuses(&close("ana", conversation), Code::TaskFrozen);
    floor.refuses(&to_queue("ana", conversation, "care_queue"), Code::TaskFrozen);
    floor.refuses(&to_agent("ana", conversation, "bruno"), Code::TaskFrozen);
    floor.refuses(&park(&floor, "ana", conversation), Code::TaskFrozen);
    floor.refuses(&workflow("ana", conversation, "refund"), Code::TaskFrozen);
    floor.refuses(&host_close(conversation), Code::TaskHeldByAgent);
    floor.pass(31);
    floor.passes(&text("ana", conversation, "hello"), Code::TaskFrozen);
}

#[test]
fn r47_inbound_messages_still_arrive_at_a_frozen_task_and_its_slot_is_kept() {
    let (floor, conversation) = frozen();
    let received = floor.receive_sms("sms_care", NUMBER, "are you there?");
    assert_eq!(received.conversation, conversation);
    assert!(matches!(floor.task(conversation), TaskState::Frozen { .. }));
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (1, 1), "the sender's, and the one reserved for the target");
    floor.refuses(&sms("bruno", NUMBER), Code::ConversationExists);
    let take = StartOutbound { on_conflict: OnConflict::TakeOver, ..sms("bruno", NUMBER) };
    floor.refuses(&take, Code::ConversationHeld);
}

#[test]
fn r47_a_message_sent_before_the_freeze_is_still_delivered() {
    let (floor, conversation) = working();
    floor.send("ana", conversation, "hello");
    floor.transfer("ana", conversation, "bruno");
    assert_eq!(floor.pump().sent, 1);
}

#[test]
fn b11_the_customer_wrote_meanwhile() {
    let (floor, conversation) = working();
    let seen = floor.receive_sms("sms_care", NUMBER, "first").message;
    floor.passes(&text("ana", conversation, "answer").having_seen(seen), Code::CustomerWroteMeanwhile);
    let newer = floor.receive_sms("sms_care", NUMBER, "second").message;
    let refusals = floor.refuses(&text("ana", conversation, "answer").having_seen(seen), Code::CustomerWroteMeanwhile);
    assert_eq!(fact(&refusals, &Code::CustomerWroteMeanwhile, "message"), newer.to_string());
    floor.ok(&text("ana", conversation, "answer").having_seen(newer));
    floor.ok(&text("ana", conversation, "a send that does not tell is not asked"));
}

#[test]
fn b11_who_had_seen_nothing_is_refused_once_the_customer_wrote() {
    let (floor, conversation) = working();
    let blind = text("ana", conversation, "hello").having_seen_nothing();
    floor.passes(&blind, Code::CustomerWroteMeanwhile);
    floor.ok(&blind);
    floor.passes(&blind, Code::CustomerWroteMeanwhile);
    let first = floor.receive_sms("sms_care", NUMBER, "first").message;
    let refusals = floor.refuses(&blind, Code::CustomerWroteMeanwhile);
    assert_eq!(refusals.codes(), [Code::CustomerWroteMeanwhile]);
    assert_eq!(fact(&refusals, &Code::CustomerWroteMeanwhile, "message"), first.to_string());
    floor.ok(&text("ana", conversation, "hello").having_seen(first));
}

#[test]
fn b11_an_old_message_is_not_the_newest_and_neither_is_one_of_the_agents_own() {
    let (floor, conversation) = working();
    let own = floor.send("ana", conversation, "hello");
    floor.passes(&text("ana", conversation, "and").having_seen(own), Code::CustomerWroteMeanwhile);
    let [first, second, third] = ["1", "2", "3"].map(|it| floor.receive_sms("sms_care", NUMBER, it).message);
    for seen in [own, first, second] {
        let refusals =
            floor.refuses(&text("ana", conversation, "answer").having_seen(seen), Code::CustomerWroteMeanwhile);
        assert_eq!(fact(&refusals, &Code::CustomerWroteMeanwhile, "message"), third.to_string());
    }
    floor.ok(&text("ana", conversation, "answer").having_seen(third));
    floor.passes(&text("ana", conversation, "more").having_seen(third), Code::CustomerWroteMeanwhile);
}

#[test]
fn b11_what_is_not_told_is_never_checked() {
    let (floor, conversation) = working();
    let untold = text("ana", conversation, "hello");
    assert_eq!(untold.seen, Seen::NotTold);
    for _ in 0..2 {
        assert_eq!(floor.explain(&untold).check(&Code::CustomerWroteMeanwhile), None);
        floor.ok(&untold);
        floor.receive_sms("sms_care", NUMBER, "I wrote");
    }
    let mut json = serde_json::to_value(&untold).unwrap();
    json.as_object_mut().unwrap().remove("seen");
    assert_eq!(serde_json::from_value::<SendMessage>(json).unwrap(), untold, "a caller that knows nothing of it");
}
