//! Parking a task, and waking it (B13).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use outbound::command::{OnConflict, Park, StartOutbound, Wake};
use outbound::model::{ConversationId, Holder, State, TaskState};
use outbound::record::{Envelope, StartedHow};
use outbound::refusal::Code;

use crate::support::{Floor, fact, id, sms, text};

const NUMBER: &str = "+351912345678";
const OTHER: &str = "+351912345679";

fn working() -> (Floor, ConversationId) {
    let floor = Floor::new();
    floor.sign_in(&["iris", "bruno"]);
    let conversation = floor.start_sms("iris", NUMBER);
    (floor, conversation)
}

/// Iris, who has one slot, has parked a conversation for an hour.
fn parked() -> (Floor, ConversationId) {
    let (floor, conversation) = working();
    floor.ok(&park(&floor, conversation, 3600));
    (floor, conversation)
}

fn park(floor: &Floor, conversation: ConversationId, seconds: i64) -> Park {
    Park { agent: id("iris"), conversation, until: floor.now() + TimeDelta::seconds(seconds), queue: None }
}

/// Iris is asked to go on with it, and has not got it yet.
fn is_offered_to_iris(floor: &Floor, conversation: ConversationId) {
    let TaskState::Offered { queue, offer, .. } = floor.task(conversation) else { panic!("it is offered") };
    assert_eq!((queue, offer.to.as_str(), floor.slots("iris")), (Some(id("care_queue")), "iris", 1));
    floor.accept("iris", conversation, offer.id);
    floor.send("iris", conversation, "hello again");
}

fn is_queued_in(floor: &Floor, conversation: ConversationId, queue: &str) {
    assert_eq!(floor.task(conversation), TaskState::Queued { queue: id(queue), since: floor.now() });
}

#[test]
fn b13_a_parked_task_holds_no_slot_and_blocks_its_key() {
    let (floor, conversation) = parked();
    assert_eq!(floor.task(conversation).holder(), Some(Holder::Parking(id("iris"))));
    assert_eq!(floor.slots("iris"), 0);
    let refusals = floor.refuses(&sms("bruno", NUMBER), Code::ConversationExists);
    assert_eq!(fact(&refusals, &Code::ConversationExists, "holder"), "the parking place of iris");
    floor.refuses(&text("iris", conversation, "hello"), Code::TaskNotActive);
    floor.ok(&sms("iris", OTHER));
}

#[test]
fn b13_parking_ends_in_time_to_come_and_not_too_late() {
    let (floor, conversation) = working();
    let month = 30 * 86_400;
    floor.refuses(&park(&floor, conversation, 0), Code::ParkingNotAllowed);
    let refusals = floor.refuses(&park(&floor, conversation, month + 1), Code::ParkingNotAllowed);
    assert_eq!(fact(&refusals, &Code::ParkingNotAllowed, "limit"), "2026-04-01T09:00:00Z");
    floor.passes(&park(&floor, conversation, 1), Code::ParkingNotAllowed);
    floor.passes(&park(&floor, conversation, month), Code::ParkingNotAllowed);
    let elsewhere = Park { queue: Some(id("nope")), ..park(&floor, conversation, 60) };
    floor.refuses(&elsewhere, Code::QueueUnknown);
}

#[test]
fn b13_it_wakes_by_a_reply() {
    let (floor, conversation) = parked();
    let received = floor.receive_sms("sms_care", NUMBER, "hello?");
    assert_eq!((received.conversation, received.opened), (conversation, false));
    is_offered_to_iris(&floor, conversation);
}

#[test]
fn b13_it_wakes_at_its_time() {
    let (floor, conversation) = parked();
    floor.pass(3599);
    assert!(matches!(floor.task(conversation), TaskState::Parked { .. }));
    floor.pass(1);
    is_offered_to_iris(&floor, conversation);
}

#[test]
fn b13_it_wakes_by_command() {
    let (floor, conversation) = working();
    let wake = Wake { conversation };
    let refusals = floor.refuses(&wake, Code::ParkingNotParked);
    assert_eq!(fact(&refusals, &Code::ParkingNotParked, "status"), "active");
    floor.ok(&park(&floor, conversation, 3600));
    floor.passes(&wake, Code::ParkingNotParked);
    floor.ok(&wake);
    is_offered_to_iris(&floor, conversation);
    floor.pass(3600);
    assert!(matches!(floor.task(conversation), TaskState::Active { .. }), "its time is forgotten");
}

#[test]
fn b13_it_wakes_to_its_queue_where_its_agent_cannot_take_it() {
    let (floor, conversation) = parked();
    floor.start_sms("iris", OTHER);
    floor.receive_sms("sms_care", NUMBER, "hello?");
    is_queued_in(&floor, conversation, "care_queue");

    let (floor, conversation) = working();
    floor.ok(&Park { queue: Some(id("sales_queue")), ..park(&floor, conversation, 60) });
    floor.set_idle("iris");
    floor.pass(60);
    is_queued_in(&floor, conversation, "sales_queue");
}

#[test]
fn b13_an_agent_who_lets_the_waking_lapse_goes_rona_and_it_is_queued() {
    let (floor, conversation) = parked();
    floor.pass(3600);
    let woken = floor.now();
    floor.pass(30);
    assert_eq!((floor.state("iris"), floor.slots("iris")), (State::Rona, 0));
    assert_eq!(floor.task(conversation), TaskState::Queued { queue: id("care_queue"), since: woken });
}

#[test]
fn b04_what_is_parked_can_be_taken_over() {
    let (floor, conversation) = parked();
    let take = StartOutbound { on_conflict: OnConflict::TakeOver, ..sms("bruno", NUMBER) };
    let taken = floor.ok(&take);
    assert_eq!((taken.conversation, taken.how), (conversation, StartedHow::TookOver));
    floor.pass(3600);
    assert!(matches!(floor.task(conversation), TaskState::Active { agent, .. } if agent == id("bruno")));
}

#[test]
fn b14_what_falls_due_twice_at_one_time_is_two_events() {
    let (floor, conversation) = working();
    let until = floor.now() + TimeDelta::seconds(10);
    let ids = |floor: &Floor| floor.events().iter().map(Envelope::id).collect::<BTreeSet<_>>().len();
    for clock_ahead in [5, 0] {
        floor.ok(&Park { agent: id("iris"), conversation, until, queue: None });
        floor.clock.set(until + TimeDelta::seconds(clock_ahead));
        floor.desk.fire_due(10).unwrap();
        is_offered_to_iris(&floor, conversation);
        floor.clock.set(until - TimeDelta::seconds(5));
    }
    assert_eq!(ids(&floor), floor.events().len(), "each event has an id of its own");
}
