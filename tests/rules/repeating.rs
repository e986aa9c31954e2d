//! Every command carries an id; repeating it returns the first outcome and does nothing twice (B2, R36).

use std::collections::BTreeSet;
use std::fmt::Debug;

use outbound::command::{
    ClaimDispatch, OnConflict, ReceiptStatus, RecordAttempt, ReportDelivery, SendMessage, SetState, SignIn,
    StartOutbound, Target, Transfer,
};
use outbound::engine::{Command, Fault, Misuse};
use outbound::model::{ChosenState, CommandId, SendResult, State, Status, Wording};
use outbound::port::Failure;
use outbound::record::{Envelope, Received, Reported, StartedHow};
use outbound::refusal::Code;

use crate::day::Day;
use crate::support::{Floor, NUMBER, id, inbound, signed_in, sms, take_over, working};

const CUSTOMER: &str = "+351912345678";

/// The command under this id is another one than the first, which is a bug of the caller and changes nothing.
fn is_misuse<C: Command>(floor: &Floor, id: CommandId, command: &C)
where
    C::Output: Debug,
{
    let failure = floor.run_as(id, command).unwrap_err();
    let expected = Failure::Fault(Fault::Misuse(Misuse::CommandIdReused(id)));
    assert_eq!(failure, expected, "{command:?}");
}

#[test]
fn b02_every_command_repeated_answers_as_before_and_does_nothing() {
    let floor = crate::day::floor();
    let day = Day::of(&floor);
    let events: Vec<Envelope> = floor.events();
    day.repeat_everything();
    let since: Vec<_> = floor.events().split_off(events.len());
    assert!(since.iter().all(|it| matches!(it.actor, outbound::record::Actor::Clock)), "{since:?}");
}

#[test]
fn b02_a_repeated_start_answers_the_first_outcome_whatever_became_of_it() {
    let floor = signed_in(&["ana"]);
    let (command, start) = (floor.id(), sms("ana", CUSTOMER));
    let first = floor.run_as(command, &start).unwrap();
    floor.close("ana", first.conversation);
    floor.pass(61);
    floor.set_idle("ana");
    assert_eq!(floor.run_as(command, &start).unwrap(), first, "closed, wrapped up, and Ana at lunch");
    assert_eq!(floor.world().conversations().count(), 1);
    floor.refuses(&start, Code::AgentIdle);
}

#[test]
fn b02_a_refused_command_may_be_tried_again_under_its_id() {
    let floor = signed_in(&["ana"]);
    floor.set_idle("ana");
    let (command, start) = (floor.id(), sms("ana", CUSTOMER));
    assert!(floor.run_as(command, &start).unwrap_err().refusals().unwrap().has(&Code::AgentIdle));
    floor.ok(&SetState { agent: id("ana"), class: None, state: ChosenState::Available });
    assert_eq!(floor.run_as(command, &start).unwrap().how, StartedHow::Opened);
}

#[test]
fn b02_a_repeated_state_does_not_end_the_rona_that_came_since() {
    let floor = signed_in(&["ana", "bruno"]);
    let set = SetState { agent: id("bruno"), class: None, state: ChosenState::Available };
    let command = floor.id();
    floor.run_as(command, &set).unwrap();
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    floor.run_as(command, &set).unwrap();
    assert_eq!(floor.state("bruno"), State::Rona);
    floor.refuses(&set, Code::AgentInRona);
}

#[test]
fn b02_a_repeated_transfer_does_not_ask_again_after_it_lapsed() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let transfer = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
    let command = floor.id();
    let first = floor.run_as(command, &transfer).unwrap();
    floor.pass(31);
    let (repeated, events) = floor.events_of(|| floor.run_as(command, &transfer).unwrap());
    assert_eq!((repeated, events), (first, Vec::new()));
    assert_eq!(floor.conversation(conversation).state().agent(), Some(&id("ana")));
}

#[test]
fn r36_a_double_press_sends_once() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let (command, send) = (floor.id(), SendMessage::new(id("ana"), conversation, Wording::text("hello")));
    let first = floor.run_as(command, &send).unwrap();
    assert_eq!(floor.run_as(command, &send).unwrap(), first);
    assert_eq!(floor.pump().sent, 1);
    assert_eq!(floor.run_as(command, &send).unwrap(), first);
    assert_eq!(floor.pump().sent, 0);
}

#[test]
fn b02_what_a_provider_delivers_twice_is_one_message_under_any_command_id() {
    let floor = signed_in(&["ana"]);
    let first = floor.ok(&inbound("sms_care", CUSTOMER, "p1", "hello?"));
    let again = floor.ok(&inbound("sms_care", CUSTOMER, "p1", "hello?"));
    assert_eq!((again.message, again.conversation, again.opened), (first.message, first.conversation, true));
    assert_eq!((first.duplicate, again.duplicate), (false, true));
    let elsewhere = floor.ok(&inbound("sms_sales", CUSTOMER, "p1", "hello?"));
    assert!(!elsewhere.duplicate, "a provider's id counts at its entry point alone");
    assert_eq!(floor.world().messages().count(), 2);
}

#[test]
fn b02_a_duplicate_that_comes_after_the_close_opens_nothing() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.ok(&inbound("sms_care", CUSTOMER, "p1", "thanks"));
    floor.close("ana", conversation);
    let late = floor.ok(&inbound("sms_care", CUSTOMER, "p1", "thanks"));
    assert_eq!((late.conversation, late.opened, late.duplicate), (conversation, false, true));
    assert_eq!(floor.world().conversations().count(), 1);
}

#[test]
fn b02_another_content_under_the_same_id_is_misuse() {
    let floor = signed_in(&["ana", "bruno"]);
    let command = floor.id();
    let conversation = floor.run_as(command, &sms("ana", CUSTOMER)).unwrap().conversation;
    is_misuse(&floor, command, &sms("ana", "+351912345679"));
    is_misuse(&floor, command, &sms("bruno", CUSTOMER));
    is_misuse(&floor, command, &StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("ana", CUSTOMER) });

    let command = floor.id();
    floor.run_as(command, &SendMessage::new(id("ana"), conversation, Wording::text("hello"))).unwrap();
    is_misuse(&floor, command, &SendMessage::new(id("ana"), conversation, Wording::text("hello!")));
    is_misuse(&floor, command, &SetState { agent: id("ana"), class: None, state: ChosenState::Available });
    is_misuse(&floor, command, &SignIn { agent: id("carla"), team: id("care"), state: ChosenState::Available });
}

#[test]
fn b02_another_message_under_the_same_id_is_misuse() {
    let floor = signed_in(&["ana"]);
    let opening = floor.id();
    floor.run_as(opening, &inbound("sms_care", CUSTOMER, "p1", "hello?")).unwrap();
    is_misuse(&floor, opening, &inbound("sms_care", CUSTOMER, "p2", "are you there?"));
    is_misuse(&floor, opening, &inbound("sms_care", "+351912345679", "p3", "me too"));
    let start = floor.id();
    floor.run_as(start, &sms("ana", "+351912345670")).unwrap();
    is_misuse(&floor, start, &inbound("sms_care", "+351912345671", "p4", "hello?"));
}

#[test]
fn b02_another_command_under_the_id_of_a_takeover_is_misuse() {
    let floor = signed_in(&["ana"]);
    floor.receive_sms("sms_care", CUSTOMER, "hello?");
    let command = floor.id();
    let first = floor.run_as(command, &take_over("ana", CUSTOMER)).unwrap();
    assert_eq!(floor.run_as(command, &take_over("ana", CUSTOMER)).unwrap(), first);
    is_misuse(&floor, command, &take_over("ana", "+351912345679"));
}

#[test]
fn b02_an_id_of_one_kind_of_command_is_none_for_another() {
    let other = "+351912345670";
    let start = sms("ana", "+351912345671");
    let receive = inbound("sms_care", other, "p1", "hello?");
    let joining = inbound("sms_care", CUSTOMER, "p2", "hello?");
    let working = || {
        let floor = signed_in(&["ana"]);
        let conversation = floor.start_sms("ana", CUSTOMER);
        let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
        let command = floor.id();
        (floor, command, send)
    };

    let (floor, command, send) = working();
    floor.run_as(command, &start).unwrap();
    is_misuse(&floor, command, &send);
    is_misuse(&floor, command, &receive);
    is_misuse(&floor, command, &joining);

    let (floor, command, send) = working();
    floor.run_as(command, &send).unwrap();
    is_misuse(&floor, command, &start);
    is_misuse(&floor, command, &receive);
    is_misuse(&floor, command, &joining);

    for received in [&receive, &joining] {
        let (floor, command, send) = working();
        floor.run_as(command, received).unwrap();
        is_misuse(&floor, command, &start);
        is_misuse(&floor, command, &take_over("ana", other));
        is_misuse(&floor, command, &send);
        assert!(floor.run_as(command, received).is_ok(), "the first is still the first");
    }
}

#[test]
fn b14_every_event_of_a_day_has_an_id_of_its_own() {
    let floor = crate::day::floor().audited();
    let day = Day::of(&floor);
    let twice = floor.id();
    for _ in 0..2 {
        floor.run_as(twice, &sms("nobody", CUSTOMER)).unwrap_err();
        floor.advance(1);
    }
    day.repeat_everything();
    let events = floor.events();
    let ids: BTreeSet<_> = events.iter().map(Envelope::id).collect();
    assert_eq!(ids.len(), events.len());
    assert!(events.len() > 100, "a busy day: {}", events.len());
}

#[test]
fn b02_what_comes_in_is_not_taken_for_what_was_sent_under_the_same_number() {
    for sent_first in [true, false] {
        let (floor, conversation) = working();
        let message = floor.send("ana", conversation, "hello");
        let receive = |floor: &Floor| floor.ok(&inbound("sms_care", NUMBER, "7", "who is it?"));
        let early = (!sent_first).then(|| receive(&floor));
        floor.ok(&ClaimDispatch { message });
        floor.ok(&RecordAttempt { message, attempt: 1, result: SendResult::accepted(id("7")) });
        let received = early.unwrap_or_else(|| receive(&floor));
        assert!(!received.duplicate && received.message != message, "each counts from one");
        assert_eq!(floor.conversation(conversation).last_inbound(), Some(received.message));
        assert_eq!(receive(&floor), Received { duplicate: true, ..received }, "known again");
        let (entry_point, provider) = (id("sms_care"), id("7"));
        let report = ReportDelivery { entry_point, provider, status: ReceiptStatus::Delivered, problem: None };
        assert_eq!(floor.ok(&report), Reported::Advanced(Status::Delivered));
        assert_eq!(floor.message(message).status(), Status::Delivered);
    }
}

#[test]
fn b02_what_came_in_is_known_again_though_its_entry_point_is_gone() {
    let floor = signed_in(&[]);
    for (entry_point, from) in [("sms_care", NUMBER), ("mail_care", "rita@example.com")] {
        let message = inbound(entry_point, from, "1@x", "hello");
        let received = floor.ok(&message);
        floor.change(|setup| setup.entry_points.retain(|it| it.id != id(entry_point)));
        assert_eq!(floor.ok(&message), Received { duplicate: true, ..received });
    }
}
