//! To whom a conversation goes, and what is in the way (R11, R14, R15, R26, B1, B4).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use outbound::command::{
    AnswerHandover, Close, OnConflict, Park, RouteNext, SignOut, StartOutbound, Target, Transfer, Unfinished, Wake,
    WrapUp,
};
use outbound::directory::{ConflictScope, Directory};
use outbound::engine::Terms;
use outbound::model::{
    Address, AddressError, By, Channel, ConversationId, EmailAddress, Holder, MediaClass, Number, NumberPlan, OfferId,
    Recipient, ShapeOnly, TaskState,
};
use outbound::port::{CommitError, Store};
use outbound::record::{Answered, Started, StartedHow};
use outbound::refusal::{Category, Code, Refusal, Retry, Value};

use crate::support::{Floor, acme, ask_holder, decided, email, fact, id, inbound, signed_in, sms, take_over};

const CUSTOMER: &str = "+351912345678";
const OTHER: &str = "+351912345679";
const MAIL: &str = "rui@customer.example";

fn scoped_to_the_address() -> Floor {
    let floor = Floor::with(|setup| setup.organization.conflict_scope = ConflictScope::Address);
    floor.sign_in(&["ana", "bruno"]);
    floor
}

fn sms_sales(agent: &str) -> StartOutbound {
    StartOutbound { entry_point: id("sms_sales"), ..sms(agent, CUSTOMER) }
}

fn park(floor: &Floor, agent: &str, conversation: ConversationId) {
    let until = floor.now() + chrono::TimeDelta::hours(1);
    floor.ok(&Park { agent: id(agent), conversation, until, queue: None });
}

fn sign_out(floor: &Floor, agent: &str) {
    floor.ok(&SignOut { agent: id(agent), unfinished: Unfinished::Requeue });
}

fn to_queue(floor: &Floor, agent: &str, conversation: ConversationId) {
    floor.ok(&Transfer { agent: id(agent), conversation, to: Target::Queue(id("care_queue")) });
}

fn status(refusal: &Refusal) -> String {
    refusal.fact("status").unwrap().to_string()
}

fn holder(refusal: &Refusal) -> Option<Holder> {
    if let Some(Value::Holder(holder)) = refusal.fact("holder") { Some(holder.clone()) } else { None }
}

#[test]
fn r11_a_conversation_blocks_the_next_in_every_state_until_it_is_closed() {
    let floor = signed_in(&["ana", "bruno", "carla"]);
    let start = sms("carla", CUSTOMER);
    let blocked_by = |conversation: ConversationId, state: &str, by: Holder| {
        let refusals = floor.refuses(&start, Code::ConversationExists);
        let refusal = refusals.primary();
        assert_eq!(refusals.codes(), [Code::ConversationExists]);
        assert_eq!(refusal.conversation(), Some(conversation));
        assert_eq!((status(refusal), holder(refusal)), (state.to_owned(), Some(by)));
        assert_eq!(refusal.retry(), Retry::WhenChanged(floor.conversation(conversation).key()));
        assert_eq!(refusal.category(), Category::Conflict);
    };
    let (ana, queue) = (Holder::Agent(id("ana")), Holder::Queue(id("care_queue")));
    floor.passes(&start, Code::ConversationExists);
    let conversation = floor.receive_sms("sms_care", CUSTOMER, "hello?").conversation;
    blocked_by(conversation, "queued", queue.clone());
    let offered = floor.ok(&RouteNext { queue: id("care_queue"), agent: Some(id("ana")) });
    blocked_by(conversation, "offered", queue);
    floor.accept("ana", conversation, offered.offer);
    blocked_by(conversation, "active", ana.clone());
    floor.transfer("ana", conversation, "bruno");
    blocked_by(conversation, "frozen", ana);
    floor.pass(31);
    park(&floor, "ana", conversation);
    blocked_by(conversation, "parked", Holder::Parking(id("ana")));
    floor.ok(&Close { by: By::Host, conversation });
    floor.ok(&start);
}

#[test]
fn r39_closing_frees_the_key_at_once_though_the_wrap_up_is_still_owed() {
    let floor = signed_in(&["ana", "bruno"]);
    let first = floor.start_sms("ana", CUSTOMER);
    floor.close("ana", first);
    assert!(matches!(floor.conversation(first).state(), TaskState::WrapUp { .. }));
    floor.passes(&sms("bruno", CUSTOMER), Code::ConversationExists);
    let second = floor.start_sms("bruno", CUSTOMER);
    floor.close("bruno", second);
    let third = floor.start_sms("ana", CUSTOMER);
    let links = [second, third].map(|id| floor.conversation(id).previous());
    assert_eq!(links, [Some(first), Some(second)]);
}

#[test]
fn r11_another_entry_point_or_channel_or_address_is_another_key() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.start_sms("ana", CUSTOMER);
    floor.passes(&sms_sales("bruno"), Code::ConversationExists);
    floor.ok(&sms_sales("bruno"));
    floor.ok(&sms("bruno", OTHER));
    floor.ok(&email("bruno", MAIL));
}

#[test]
fn r11_the_stricter_scope_is_the_whole_address() {
    let floor = scoped_to_the_address();
    let conversation = floor.start_sms("ana", CUSTOMER);
    let refusals = floor.refuses(&sms_sales("bruno"), Code::ConversationExists);
    let refusal = refusals.primary();
    assert_eq!(refusal.conversation(), Some(conversation));
    assert_eq!(refusal.fact("entry_point"), Some(&Value::EntryPoint(id("sms_care"))));
    floor.ok(&sms("bruno", OTHER));
}

#[test]
fn r11_what_a_customer_writes_elsewhere_joins_under_the_stricter_scope_alone() {
    let floor = scoped_to_the_address();
    let conversation = floor.start_sms("ana", CUSTOMER);
    let received = floor.receive_sms("sms_sales", CUSTOMER, "wrong number, sorry");
    assert_eq!((received.conversation, received.opened), (conversation, false));
    assert_eq!(floor.message(received.message).draft().entry_point, id("sms_sales"));

    let by_default = signed_in(&["ana"]);
    by_default.start_sms("ana", CUSTOMER);
    assert!(by_default.receive_sms("sms_sales", CUSTOMER, "hello sales").opened);
}

#[test]
fn r11_two_agents_in_the_same_instant_open_one_conversation() {
    let floor = signed_in(&["ana", "bruno"]);
    let sides = [sms("ana", CUSTOMER), sms("bruno", CUSTOMER)].map(|start| decided(&floor, floor.id(), &start));
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, sides[0].clone()), Ok(()));
    assert_eq!(Store::commit(store, sides[1].clone()), Err(CommitError::Conflict));
    floor.refuses(&sms("bruno", CUSTOMER), Code::ConversationExists);
    assert_eq!(floor.world().conversations().count(), 1);
    assert!(floor.presence("bruno").slots().is_empty());
}

#[test]
fn r11_the_stricter_scope_holds_in_the_same_instant_too() {
    let floor = scoped_to_the_address();
    let sides = [sms("ana", CUSTOMER), sms_sales("bruno")].map(|start| decided(&floor, floor.id(), &start));
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, sides[1].clone()), Ok(()));
    assert_eq!(Store::commit(store, sides[0].clone()), Err(CommitError::Conflict));
}

#[test]
fn r11_one_agent_twice_with_the_same_key_opens_one_conversation() {
    let floor = signed_in(&["ana"]);
    let (id, start) = (floor.id(), sms("ana", CUSTOMER));
    let twice = [decided(&floor, id, &start), decided(&floor, id, &start)];
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, twice[0].clone()), Ok(()));
    assert_eq!(Store::commit(store, twice[1].clone()), Err(CommitError::Conflict));
    assert_eq!(floor.run_as(id, &start).unwrap().how, StartedHow::Opened, "the repetition sees what was done");
    assert_eq!(floor.presence("ana").slots().len(), 1);
}

#[test]
fn r11_one_agent_twice_under_two_ids_opens_one_conversation_too() {
    let floor = signed_in(&["ana"]);
    let twice = [floor.id(), floor.id()].map(|id| decided(&floor, id, &sms("ana", CUSTOMER)));
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, twice[0].clone()), Ok(()));
    assert_eq!(Store::commit(store, twice[1].clone()), Err(CommitError::Conflict));
    floor.refuses(&sms("ana", CUSTOMER), Code::ConversationExists);
    assert_eq!(floor.presence("ana").slots().len(), 1);
}

#[test]
fn r14_a_number_of_the_right_shape_is_enough_for_a_plan_without_rules() {
    let floor = signed_in(&["ana"]);
    for (typed, code) in [("912345678", Code::AddressNoCountryCode), ("00351912345678", Code::AddressNoCountryCode)] {
        assert_eq!(floor.refuses(&sms("ana", typed), code.clone()).codes(), [code]);
    }
    for typed in ["+35191234567a", "hello", ""] {
        let refusals = floor.refuses(&sms("ana", typed), Code::AddressNotANumber);
        assert_eq!(refusals.primary().category().http_status(), 422);
    }
    let conversation = floor.start_sms("ana", " +351 912-345.678 ");
    assert_eq!(floor.conversation(conversation).address().as_text(), CUSTOMER);
    assert_eq!(floor.refused(&sms("ana", CUSTOMER)).primary().conversation(), Some(conversation), "it is one number");
}

#[cfg(feature = "phonenumber")]
#[test]
fn r14_sms_goes_to_a_mobile_number_with_its_country_code() {
    use outbound::model::Libphonenumber;

    let floor = Floor::under(Terms::new(Directory::new(acme()).unwrap(), Libphonenumber));
    floor.sign_in(&["ana"]);
    for (typed, code) in [
        ("912345678", Code::AddressNoCountryCode),
        ("+351 91 234 56 7x", Code::AddressNotANumber),
        ("+351 912 345", Code::AddressNumberNotValid),
        ("+351 21 234 5678", Code::AddressCannotReceiveSms),
    ] {
        assert_eq!(floor.refused(&sms("ana", typed)).codes(), [code], "{typed}");
    }
    floor.refuses(&sms("ana", "+351 912 345"), Code::AddressNumberNotValid);
    let fixed = floor.refuses(&sms("ana", "+351 21 234 5678"), Code::AddressCannotReceiveSms);
    assert_eq!(fixed.primary().fact("line"), Some(&Value::Text("fixed".into())));
    for mobile in [CUSTOMER, "+44 7911 123456", "+55 11 91234-5678", "+1 212 555 0123"] {
        for code in [
            Code::AddressNoCountryCode,
            Code::AddressNotANumber,
            Code::AddressNumberNotValid,
            Code::AddressCannotReceiveSms,
        ] {
            floor.passes(&sms("ana", mobile), code);
        }
    }
}

#[test]
fn r15_an_email_goes_to_an_email_address() {
    let floor = signed_in(&["ana", "bruno"]);
    for typed in ["rui", "rui@", "rui@@customer.example", CUSTOMER] {
        let refusals = floor.refuses(&email("ana", typed), Code::AddressNotAnEmail);
        assert_eq!(refusals.codes(), [Code::AddressNotAnEmail], "{typed}");
    }
    floor.passes(&email("ana", MAIL), Code::AddressNotAnEmail);
    let conversation = floor.start_email("ana", "Rui@Customer.EXAMPLE");
    assert_eq!(floor.conversation(conversation).address().as_text(), "Rui@Customer.EXAMPLE", "kept as typed");
    let refusals = floor.refuses(&email("bruno", "rui@customer.example"), Code::ConversationExists);
    assert_eq!(refusals.primary().conversation(), Some(conversation), "matched by its canonical form");
}

#[test]
fn r15_an_address_of_another_channel_is_not_taken() {
    let floor = signed_in(&["ana"]);
    let mail: Recipient = Address::Email(EmailAddress::parse(MAIL).unwrap()).into();
    let start = StartOutbound { to: mail.clone(), ..sms("ana", CUSTOMER) };
    let refusals = floor.refuses(&start, Code::AddressOtherChannel);
    assert_eq!(refusals.primary().fact("channel"), Some(&Value::Channel(Channel::Sms)));
    floor.passes(&StartOutbound { to: mail, ..email("ana", MAIL) }, Code::AddressOtherChannel);
}

#[test]
fn r26_an_address_belongs_to_one_customer() {
    let floor = signed_in(&["ana", "bruno"]);
    let named = |customer: &str, agent: &str| StartOutbound { customer: Some(id(customer)), ..sms(agent, CUSTOMER) };
    let first = floor.ok(&named("rui", "ana"));
    assert_eq!(first.customer, id("rui"));
    floor.close("ana", first.conversation);
    let refusals = floor.refuses(&named("somebody", "bruno"), Code::CustomerMismatch);
    assert_eq!(refusals.codes(), [Code::CustomerMismatch]);
    assert_eq!(refusals.primary().fact("customer"), Some(&Value::Customer(id("rui"))));
    assert_eq!(refusals.primary().fact("given"), Some(&Value::Customer(id("somebody"))));
    floor.passes(&named("rui", "bruno"), Code::CustomerMismatch);
    assert_eq!(floor.ok(&sms("bruno", CUSTOMER)).customer, id("rui"), "known from the address");
}

#[test]
fn r26_a_customer_whom_nobody_named_is_met_once() {
    let floor = signed_in(&["ana"]);
    let started = floor.ok(&sms("ana", CUSTOMER));
    let received = floor.receive_sms("sms_sales", CUSTOMER, "hello");
    assert_eq!(*floor.conversation(received.conversation).customer(), started.customer);
}

#[test]
fn b01_one_resolver_answers_for_what_comes_in_and_what_goes_out() {
    let floor = signed_in(&["ana"]);
    let received = floor.receive_sms("sms_care", CUSTOMER, "hello?");
    let refusals = floor.refuses(&sms("ana", CUSTOMER), Code::ConversationExists);
    assert_eq!(refusals.primary().conversation(), Some(received.conversation));
    let conversation = floor.start_sms("ana", OTHER);
    assert_eq!(floor.receive_sms("sms_care", OTHER, "yes?").conversation, conversation);
}

#[test]
fn b01_a_first_message_and_a_start_in_the_same_instant_make_one_conversation() {
    for message_is_first in [true, false] {
        let floor = signed_in(&["ana"]);
        let (message, start) = (inbound("sms_care", CUSTOMER, "p1", "hello?"), sms("ana", CUSTOMER));
        let ids = [floor.id(), floor.id()];
        let mut sides = [decided(&floor, ids[0], &message), decided(&floor, ids[1], &start)];
        if !message_is_first {
            sides.reverse();
        }
        let store = floor.desk.store();
        assert_eq!(Store::commit(store, sides[0].clone()), Ok(()));
        assert_eq!(Store::commit(store, sides[1].clone()), Err(CommitError::Conflict));
        if message_is_first {
            floor.refuses(&start, Code::ConversationExists);
        } else {
            let joined = floor.run_as(ids[0], &message).unwrap();
            assert!(!joined.opened);
            assert_eq!(floor.conversation(joined.conversation).state().agent(), Some(&id("ana")));
        }
        assert_eq!(floor.world().conversations().count(), 1);
    }
}

/// The agent takes the customer's conversation over.
fn taken_over(floor: &Floor, agent: &str, conversation: ConversationId) {
    let (started, events) = floor.events_of(|| floor.ok(&take_over(agent, CUSTOMER)));
    assert_eq!((started.conversation, started.how), (conversation, StartedHow::TookOver));
    assert_eq!(events, ["offered", "accepted", "slot_taken"]);
    assert_eq!(floor.conversation(conversation).state().agent(), Some(&id(agent)));
}

#[test]
fn b04_what_waits_in_a_queue_can_be_taken_over() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.receive_sms("sms_care", CUSTOMER, "hello?").conversation;
    floor.passes(&take_over("ana", CUSTOMER), Code::ConversationHeld);
    taken_over(&floor, "ana", conversation);
    assert!(!floor.presence("ana").slots()[0].outbound, "it was the customer's conversation");
    floor.refuses(&RouteNext { queue: id("care_queue"), agent: None }, Code::QueueEmpty);
    floor.send("ana", conversation, "here I am");
}

#[test]
fn b04_what_is_parked_can_be_taken_over() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    park(&floor, "ana", conversation);
    taken_over(&floor, "bruno", conversation);
    assert!(floor.presence("ana").slots().is_empty());
    floor.refuses(&Wake { conversation }, Code::ParkingNotParked);
    floor.pass(3601);
    assert_eq!(floor.conversation(conversation).state().agent(), Some(&id("bruno")), "and never wakes for Ana");
}

#[test]
fn b04_what_an_agent_holds_or_is_offered_cannot_be_taken_over() {
    let floor = signed_in(&["ana", "bruno", "carla"]);
    let held = |conversation: ConversationId, state: &str| {
        let refusals = floor.refuses(&take_over("carla", CUSTOMER), Code::ConversationHeld);
        assert_eq!(refusals.codes(), [Code::ConversationHeld]);
        let refusal = refusals.primary();
        assert_eq!((refusal.conversation(), status(refusal)), (Some(conversation), state.to_owned()));
    };
    let conversation = floor.receive_sms("sms_care", CUSTOMER, "hello?").conversation;
    let offer = floor.ok(&RouteNext { queue: id("care_queue"), agent: Some(id("ana")) }).offer;
    held(conversation, "offered");
    floor.accept("ana", conversation, offer);
    held(conversation, "active");
    floor.transfer("ana", conversation, "bruno");
    held(conversation, "frozen");
}

#[test]
fn b04_where_nothing_is_in_the_way_a_choice_about_conflicts_opens() {
    let floor = signed_in(&["ana", "bruno"]);
    assert_eq!(floor.ok(&take_over("ana", CUSTOMER)).how, StartedHow::Opened);
    assert_eq!(floor.ok(&ask_holder("bruno", OTHER)).how, StartedHow::Opened);
}

#[test]
fn b04_of_two_takeovers_in_the_same_instant_one_succeeds() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.receive_sms("sms_care", CUSTOMER, "hello?");
    let sides = ["ana", "bruno"].map(|agent| decided(&floor, floor.id(), &take_over(agent, CUSTOMER)));
    let store = floor.desk.store();
    assert_eq!(Store::commit(store, sides[0].clone()), Ok(()));
    assert_eq!(Store::commit(store, sides[1].clone()), Err(CommitError::Conflict));
    floor.refuses(&take_over("bruno", CUSTOMER), Code::ConversationHeld);
    floor.check();
}

#[test]
fn b04_a_takeover_needs_a_slot_and_every_other_right_to_start() {
    let floor = signed_in(&["iris", "davi"]);
    floor.receive_sms("sms_care", CUSTOMER, "hello?");
    floor.start_sms("iris", OTHER);
    floor.refuses(&take_over("iris", CUSTOMER), Code::CapacityFull);
    floor.refuses(&take_over("davi", CUSTOMER), Code::LicenceNotPremium);
}

#[test]
fn r50_who_still_wraps_a_conversation_up_can_neither_take_it_back_nor_be_given_it() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    to_queue(&floor, "ana", conversation);
    let deadline = floor.now() + chrono::TimeDelta::seconds(60);
    let taking = floor.refuses(&take_over("ana", CUSTOMER), Code::TargetWrapsUp);
    assert_eq!(taking.primary().retry(), Retry::At(deadline));
    let route = RouteNext { queue: id("care_queue"), agent: Some(id("ana")) };
    floor.refuses(&route, Code::TargetWrapsUp);
    floor.passes(&take_over("bruno", CUSTOMER), Code::TargetWrapsUp);

    taken_over(&floor, "bruno", conversation);
    let back = Transfer { agent: id("bruno"), conversation, to: Target::Agent(id("ana")) };
    let giving = floor.refuses(&back, Code::TargetWrapsUp);
    assert_eq!((giving.codes(), giving.primary().retry()), (vec![Code::TargetWrapsUp], Retry::At(deadline)));
    floor.ok(&WrapUp { agent: id("ana"), conversation, reason: id("resolved") });
    floor.passes(&back, Code::TargetWrapsUp);
    floor.ok(&back);
}

/// Ana holds a conversation that Bruno asks for.
fn asked() -> (Floor, Started) {
    let floor = signed_in(&["ana", "bruno"]);
    floor.start_sms("ana", CUSTOMER);
    let started = floor.ok(&ask_holder("bruno", CUSTOMER));
    (floor, started)
}

fn answer(started: &Started, give: bool) -> AnswerHandover {
    let StartedHow::HandoverAsked(request) = started.how else { panic!("{started:?}") };
    AnswerHandover { agent: id("ana"), conversation: started.conversation, request, give }
}

fn held_by(floor: &Floor, started: &Started) -> Option<String> {
    floor.conversation(started.conversation).state().agent().map(ToString::to_string)
}

#[test]
fn b04_the_holder_who_is_asked_can_give() {
    let (floor, started) = asked();
    assert_eq!(held_by(&floor, &started).as_deref(), Some("ana"), "asking changes no holder");
    floor.passes(&answer(&started, true), Code::HandoverNotAsked);
    let (answered, events) = floor.events_of(|| floor.ok(&answer(&started, true)));
    assert_eq!(answered, Answered::Taken);
    assert_eq!(events, ["slot_taken", "slot_changed", "handed_over"]);
    assert_eq!(held_by(&floor, &started).as_deref(), Some("bruno"));
    assert_eq!(floor.presence("ana").next_deadline(), Some(floor.now() + chrono::TimeDelta::seconds(60)));
    floor.refuses(&answer(&started, true), Code::HandoverNotAsked);
    floor.send("bruno", started.conversation, "I go on from here");
}

#[test]
fn b04_the_holder_who_is_asked_can_decline_and_stays_available() {
    let (floor, started) = asked();
    assert_eq!(floor.ok(&answer(&started, false)), Answered::Declined);
    assert_eq!(held_by(&floor, &started).as_deref(), Some("ana"));
    assert_eq!(floor.state("ana"), outbound::model::State::Available);
    floor.ok(&ask_holder("bruno", CUSTOMER));
}

#[test]
fn b04_a_request_lapses_and_nobody_is_in_rona_for_it() {
    let (floor, started) = asked();
    floor.advance(45);
    floor.refuses(&answer(&started, true), Code::OfferLapsed);
    floor.pass(0);
    floor.refuses(&answer(&started, true), Code::HandoverNotAsked);
    assert_eq!(held_by(&floor, &started).as_deref(), Some("ana"));
    assert_eq!([floor.state("ana"), floor.state("bruno")], [(); 2].map(|()| outbound::model::State::Available));
}

#[test]
fn b04_one_request_at_a_time() {
    let (floor, started) = asked();
    floor.sign_in(&["carla"]);
    let refusals = floor.refuses(&ask_holder("carla", CUSTOMER), Code::HandoverPending);
    let refusal = refusals.primary();
    assert_eq!(refusal.fact("by"), Some(&Value::Agent(id("bruno"))));
    assert_eq!(refusal.retry(), Retry::At(floor.now() + chrono::TimeDelta::seconds(45)));
    floor.ok(&answer(&started, false));
    floor.passes(&ask_holder("carla", CUSTOMER), Code::HandoverPending);
}

#[test]
fn b04_a_request_is_answered_by_the_holder_and_by_its_name() {
    let (floor, started) = asked();
    let not_the_holder = AnswerHandover { agent: id("bruno"), ..answer(&started, true) };
    floor.refuses(&not_the_holder, Code::TaskNotYours);
    let another = AnswerHandover { request: OfferId::of(floor.id()), ..answer(&started, true) };
    floor.refuses(&another, Code::HandoverNotAsked);
}

#[test]
fn b04_only_an_agent_at_work_on_it_can_be_asked_and_not_oneself() {
    let floor = signed_in(&["ana", "bruno", "carla"]);
    let ask = ask_holder("carla", CUSTOMER);
    let conversation = floor.receive_sms("sms_care", CUSTOMER, "hello?").conversation;
    assert_eq!(status(floor.refuses(&ask, Code::ConversationHeld).primary()), "queued");
    floor.ok(&take_over("ana", CUSTOMER));
    floor.passes(&ask, Code::ConversationHeld);
    floor.refuses(&ask_holder("ana", CUSTOMER), Code::ConversationHeld);
    floor.transfer("ana", conversation, "bruno");
    assert_eq!(status(floor.refuses(&ask, Code::ConversationHeld).primary()), "frozen");
}

#[test]
fn b04_a_request_is_overtaken_when_the_task_moves_on() {
    type Move = fn(&Floor, ConversationId);
    let moves: [(Move, &str); 5] = [
        (|floor, conversation| floor.close("ana", conversation), "closed"),
        (|floor, conversation| to_queue(floor, "ana", conversation), "queued"),
        (|floor, conversation| drop(floor.transfer("ana", conversation, "carla")), "frozen"),
        (|floor, conversation| park(floor, "ana", conversation), "parked"),
        (|floor, _| sign_out(floor, "ana"), "queued"),
    ];
    for (step, event) in moves {
        let (floor, started) = asked();
        floor.sign_in(&["carla"]);
        let ((), events) = floor.events_of(|| step(&floor, started.conversation));
        assert!(events.contains(&"handover_ended") && events.contains(&event), "{events:?}");
        floor.refuses(&answer(&started, true), Code::HandoverNotAsked);
        floor.pass(46);
        assert!(floor.presence("bruno").slots().is_empty(), "{event}: Bruno never got it");
    }
}

#[test]
fn b04_a_requester_who_can_no_longer_take_it_does_not_get_it() {
    let floor = signed_in(&["ana", "iris"]);
    floor.start_sms("ana", CUSTOMER);
    let started = floor.ok(&ask_holder("iris", CUSTOMER));
    floor.start_sms("iris", OTHER);
    let Answered::Withdrawn(reasons) = floor.ok(&answer(&started, true)) else { panic!("withdrawn") };
    assert_eq!(reasons.codes(), [Code::TargetFull]);
    assert_eq!((reasons.primary().count("used"), reasons.primary().count("limit")), (Some(1), Some(1)));
    assert_eq!(held_by(&floor, &started).as_deref(), Some("ana"));
    assert_eq!(floor.presence("iris").used(MediaClass::Social), 1);
    floor.refuses(&answer(&started, true), Code::HandoverNotAsked);
}

#[test]
fn b04_a_requester_who_signed_out_does_not_get_it() {
    let (floor, started) = asked();
    sign_out(&floor, "bruno");
    let Answered::Withdrawn(reasons) = floor.ok(&answer(&started, true)) else { panic!("withdrawn") };
    assert_eq!(reasons.codes(), [Code::TargetSignedOut]);
    assert_eq!(held_by(&floor, &started).as_deref(), Some("ana"));
}

#[test]
fn b04_what_is_given_stays_within_the_outbound_limit_of_who_asked() {
    let floor = signed_in(&["ana", "bruno"]);
    let held = floor.start_sms("bruno", CUSTOMER);
    floor.start_sms("ana", OTHER);
    let started = floor.ok(&ask_holder("ana", CUSTOMER));
    floor.start_sms("ana", "+351912345680");
    let given = floor.ok(&AnswerHandover { agent: id("bruno"), ..answer(&started, true) });
    let Answered::Withdrawn(reasons) = given else { panic!("{given:?}") };
    assert_eq!(reasons.codes(), [Code::CapacityOutboundFull]);
    assert_eq!(floor.presence("ana").used_outbound(MediaClass::Social), 2);
    assert_eq!(floor.conversation(held).state().agent(), Some(&id("bruno")));
}

#[test]
fn b04_the_default_is_to_refuse() {
    assert_eq!(OnConflict::default(), OnConflict::Refuse);
}

#[test]
fn b04_a_request_that_lapsed_is_not_in_the_way_of_a_new_one_though_nobody_fired_it() {
    let (floor, first) = asked();
    floor.sign_in(&["carla"]);
    floor.advance(44);
    let asking = ask_holder("carla", CUSTOMER);
    floor.refuses(&asking, Code::HandoverPending);
    floor.advance(1);
    floor.passes(&asking, Code::HandoverPending);
    let (second, events) = floor.events_of(|| floor.ok(&asking));
    assert_eq!(events, ["handover_ended", "handover_asked"]);
    assert_eq!(held_by(&floor, &second).as_deref(), Some("ana"));

    floor.refuses(&ask_holder("bruno", CUSTOMER), Code::HandoverPending);
    floor.pass(0);
    floor.refuses(&answer(&first, true), Code::HandoverNotAsked);
    assert_eq!(floor.ok(&answer(&second, true)), Answered::Taken, "the new one has its whole time");
    assert_eq!(held_by(&floor, &second).as_deref(), Some("carla"));
}

#[test]
fn b04_who_asked_may_ask_again_once_the_request_lapsed() {
    let (floor, first) = asked();
    floor.refuses(&ask_holder("bruno", CUSTOMER), Code::HandoverPending);
    floor.advance(45);
    let (second, events) = floor.events_of(|| floor.ok(&ask_holder("bruno", CUSTOMER)));
    assert_eq!(events, ["handover_ended", "handover_asked"]);
    assert_ne!(first.how, second.how, "another request");
    floor.advance(44);
    floor.pass(1);
    floor.refuses(&answer(&second, true), Code::HandoverNotAsked);
}

/// A plan that counts how often it is asked.
#[derive(Debug, Clone, Default)]
struct Counting(Arc<AtomicU64>);

impl NumberPlan for Counting {
    fn parse(&self, typed: &str) -> Result<Number, AddressError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        ShapeOnly.parse(typed)
    }
}

#[test]
fn r14_a_typed_number_is_read_once_however_many_rounds_a_decision_takes() {
    let plan = Counting::default();
    let floor = Floor::under(Terms::new(Directory::new(acme()).unwrap(), plan.clone()));
    floor.sign_in(&["ana"]);
    let asked = |work: &dyn Fn()| {
        let before = plan.0.load(Ordering::Relaxed);
        work();
        plan.0.load(Ordering::Relaxed) - before
    };
    assert_eq!(asked(&|| drop(floor.ok(&sms("ana", CUSTOMER)))), 1, "a start");
    assert_eq!(asked(&|| drop(floor.refused(&sms("ana", CUSTOMER)))), 1, "a refused start, which loads twice");
    assert_eq!(asked(&|| drop(floor.desk.explain(&sms("ana", CUSTOMER)))), 1, "an explanation");
    // Each text is its own: a number that reads as another is not taken for it.
    assert_eq!(floor.refused(&sms("ana", "+35191234567x")).codes(), [Code::AddressNotANumber]);
}

#[test]
fn r14_r15_what_is_too_long_is_no_address() {
    let floor = signed_in(&["ana"]);
    let refusals = floor.refused(&sms("ana", &format!("+351{}", " 912".repeat(100_000))));
    assert_eq!(refusals.codes(), [Code::AddressNotANumber]);
    assert!(!fact(&refusals, &Code::AddressNotANumber, "problem").is_empty());
    let refusals = floor.refused(&email("ana", &format!("{}@x.example", "a".repeat(100_000))));
    assert_eq!(refusals.codes(), [Code::AddressNotAnEmail]);
}
