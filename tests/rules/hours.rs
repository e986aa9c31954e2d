//! Quiet hours by the recipient's own time, and how often a customer is written to (B6).

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{ClaimDispatch, RecordAttempt, SetZone};
use outbound::desk::Totals;
use outbound::directory::{Directory, QuietMode, Setup};
use outbound::engine::Terms;
use outbound::hours::{FixedZones, ZoneId};
use outbound::model::{
    By, CapsBasis, Cause, Channel, ConversationId, Dispatch, HoursBasis, Reason, SendResult, ShapeOnly, Status, Step,
    Wording,
};
use outbound::port::NoMedia;
use outbound::query::MessagePreview;
use outbound::record::{Claimed, Record};
use outbound::refusal::{Category, Code, Retry};

use crate::support::{Floor, acme, email, fact, id, provider_of, sms, text};

const NUMBER: &str = "+351912345678";
const MAIL: &str = "rita@example.com";

/// Acme with quiet hours by text from 21:00 to 08:00, at nine in the morning of Greenwich.
fn quiet_at_night(change: impl FnOnce(&mut Setup)) -> Floor {
    let mut setup = acme();
    setup.organization.quiet_hours.sms = night();
    change(&mut setup);
    let floor = Floor::under(Terms::new(Directory::new(setup).unwrap(), ShapeOnly).with_zones(FixedZones));
    floor.sign_in(&["ana", "bruno"]);
    floor
}

fn night() -> outbound::hours::QuietHours {
    serde_json::from_str(r#"{"windows":[{"from":"21:00","to":"08:00"}]}"#).unwrap()
}

fn defers(setup: &mut Setup) {
    setup.organization.quiet_hours.mode = QuietMode::Defer;
}

fn lives(floor: &Floor, zone: Option<&str>) {
    floor.ok(&set_zone(zone));
}

fn set_zone(zone: Option<&str>) -> SetZone {
    let zone = zone.map(|zone| ZoneId::parse(zone).unwrap());
    SetZone { by: By::Host, channel: Channel::Sms, address: NUMBER.into(), zone, customer: None }
}

/// Ana has a conversation with a customer who lives in a zone.
fn with_customer_in(floor: &Floor, zone: &str) -> ConversationId {
    let conversation = floor.start_sms("ana", NUMBER);
    lives(floor, Some(zone));
    conversation
}

/// The clock is set forward to a time.
fn at(floor: &Floor, time: &str) -> DateTime<Utc> {
    let time: DateTime<Utc> = time.parse().unwrap();
    floor.clock.advance(time - floor.now());
    time
}

fn because(text: &str) -> Reason {
    text.parse().unwrap()
}

#[test]
fn b06_it_is_quiet_by_the_recipients_clock_and_the_refusal_says_until_when() {
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "UTC");
    floor.passes(&text("ana", conversation, "hello"), Code::HoursQuiet);
    lives(&floor, Some("-03:00"));
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::HoursQuiet);
    assert_eq!(refusals.primary().category(), Category::NotAllowed);
    let opens: DateTime<Utc> = "2026-03-02T11:00:00Z".parse().unwrap();
    assert_eq!(refusals.primary().retry(), Retry::At(opens));
    for (name, value) in [("zone", "-03:00"), ("local", "2026-03-02 06:00"), ("opens", "2026-03-02T11:00:00Z")] {
        assert_eq!(fact(&refusals, &Code::HoursQuiet, name), value);
    }
    assert!(fact(&refusals, &Code::HoursQuiet, "window").contains("21:00–08:00"));
    // To the second.
    at(&floor, "2026-03-02T10:59:59Z");
    floor.refuses(&text("ana", conversation, "hello"), Code::HoursQuiet);
    floor.advance(1);
    let message = floor.send("ana", conversation, "hello");
    assert_eq!(floor.message(message).basis().unwrap().hours, HoursBasis::Open);
    at(&floor, "2026-03-02T23:59:59Z");
    floor.passes(&text("ana", conversation, "hello"), Code::HoursQuiet);
    floor.advance(1);
    floor.refuses(&text("ana", conversation, "hello"), Code::HoursQuiet);
}

#[test]
fn b06_starting_sends_nothing_and_so_knows_no_hours_and_no_caps() {
    let floor = quiet_at_night(|setup| {
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":60}]"#).unwrap();
    });
    lives(&floor, Some("-03:00"));
    let explained = floor.explain(&sms("ana", NUMBER));
    assert!(explained.is_allowed());
    assert!(explained.check(&Code::HoursQuiet).is_none() && explained.check(&Code::CapsReached).is_none());
    floor.start_sms("ana", NUMBER);
    assert!(floor.world().records().all(|it| !matches!(it.record, Record::Customer(_))), "nothing is written for it");
}

#[test]
fn b06_a_channel_without_quiet_hours_is_never_quiet() {
    let floor = quiet_at_night(|_| {});
    let conversation = floor.start_email("ana", MAIL);
    let message = floor.ok(&text("ana", conversation, "hi").with_subject("hi")).message;
    assert_eq!(floor.message(message).basis().unwrap().hours, HoursBasis::NotSetUp);
}

#[test]
fn b06_where_no_zone_is_told_the_assumed_ones_count_and_without_any_all_of_the_world() {
    // Somewhere in the world it is always night.
    let floor = quiet_at_night(|setup| setup.organization.quiet_hours.email = night());
    let conversation = floor.start_email("ana", MAIL);
    let refusals = floor.refuses(&text("ana", conversation, "hi").with_subject("hi"), Code::HoursQuiet);
    assert_eq!(refusals.primary().retry(), Retry::Later);
    assert_eq!(fact(&refusals, &Code::HoursQuiet, "opens"), "further notice");
    // Of the assumed zones the strictest counts.
    let floor = quiet_at_night(|setup| {
        setup.organization.quiet_hours.email = night();
        setup.organization.quiet_hours.assumed_zones =
            ["UTC", "-02:00"].map(|zone| ZoneId::parse(zone).unwrap()).to_vec();
    });
    let conversation = floor.start_email("ana", MAIL);
    floor.refuses(&text("ana", conversation, "hi").with_subject("hi"), Code::HoursQuiet);
    at(&floor, "2026-03-02T10:00:00Z");
    floor.passes(&text("ana", conversation, "hi").with_subject("hi"), Code::HoursQuiet);
    // What is told goes before what is assumed.
    let told = SetZone { channel: Channel::Email, address: MAIL.into(), ..set_zone(Some("-03:00")) };
    floor.ok(&told);
    floor.refuses(&text("ana", conversation, "hi").with_subject("hi"), Code::HoursQuiet);
    floor.ok(&SetZone { zone: None, ..told });
    floor.passes(&text("ana", conversation, "hi").with_subject("hi"), Code::HoursQuiet);
}

#[cfg(feature = "chrono-tz")]
#[test]
fn b06_a_number_tells_in_which_zones_its_owner_may_be_and_the_strictest_counts() {
    let mut setup = acme();
    setup.organization.quiet_hours.sms = night();
    setup.organization.quiet_hours.assumed_zones = vec![ZoneId::parse("UTC").unwrap()];
    let floor = Floor::under(Terms::new(Directory::new(setup).unwrap(), ShapeOnly));
    floor.sign_in(&["ana"]);
    // 09:00 in Lisbon, 08:00 in the Azores; 05:00 in Manaus.
    let lisbon = floor.start_sms("ana", NUMBER);
    floor.passes(&text("ana", lisbon, "hello"), Code::HoursQuiet);
    let manaus = floor.start_sms("ana", "+5592991234567");
    let refusals = floor.refuses(&text("ana", manaus, "hello"), Code::HoursQuiet);
    assert_eq!(fact(&refusals, &Code::HoursQuiet, "zone"), "America/Manaus");
    assert_eq!(refusals.primary().retry(), Retry::At("2026-03-02T12:00:00Z".parse().unwrap()));
}

#[test]
fn b06_a_zone_that_the_table_does_not_know_is_refused() {
    let floor = quiet_at_night(|_| {});
    floor.refuses(&set_zone(Some("Mars/Olympus_Mons")), Code::ZoneUnknown);
    floor.passes(&set_zone(Some("+05:30")), Code::ZoneUnknown);
    floor.refuses(&SetZone { by: By::Agent(id("nobody")), ..set_zone(None) }, Code::AgentUnknown);
    let ((), events) = floor.events_of(|| {
        lives(&floor, Some("+05:30"));
        lives(&floor, Some("+05:30"));
        lives(&floor, None);
    });
    assert_eq!(events, ["contact_made", "zone_set", "zone_set"]);
}

#[test]
fn b06_a_message_may_wait_until_it_is_not_quiet() {
    let floor = quiet_at_night(defers);
    let conversation = with_customer_in(&floor, "-03:00");
    let sent = floor.ok(&text("ana", conversation, "hello"));
    let opens: DateTime<Utc> = "2026-03-02T11:00:00Z".parse().unwrap();
    assert_eq!(sent.not_before, Some(opens));
    let message = floor.message(sent.message);
    assert_eq!((message.delivery().step.clone(), message.not_before()), (Step::Due { at: opens }, Some(opens)));
    assert_eq!(message.basis().unwrap().hours, HoursBasis::Deferred { until: opens });
    assert_eq!(floor.pump().total(), 0);
    floor.refuses(&ClaimDispatch { message: sent.message }, Code::DeliveryNotDue);
    at(&floor, "2026-03-02T11:00:00Z");
    let Claimed::Send(dispatch) = floor.ok(&ClaimDispatch { message: sent.message }) else { panic!("it is due") };
    assert_eq!(dispatch.not_before, Some(opens));
    assert_eq!(dispatch.not_after, "2026-03-03T00:00:00Z".parse::<DateTime<Utc>>().unwrap(), "when it is quiet again");
}

#[test]
fn b06_what_would_wait_past_its_deadline_is_refused() {
    let floor = quiet_at_night(defers);
    let conversation = with_customer_in(&floor, "-03:00");
    let hello = || text("ana", conversation, "hello");
    let opens: DateTime<Utc> = "2026-03-02T11:00:00Z".parse().unwrap();
    let refusals = floor.refuses(&hello().not_after(opens), Code::HoursQuiet);
    assert_eq!(refusals.primary().retry(), Retry::At(opens));
    floor.passes(&hello().not_after(opens + TimeDelta::seconds(1)), Code::HoursQuiet);
}

#[test]
fn b06_messages_behind_one_that_waits_keep_their_order_and_their_own_time() {
    let floor = quiet_at_night(defers);
    let conversation = with_customer_in(&floor, "-03:00");
    let messages = ["one", "two"].map(|it| floor.send("ana", conversation, it));
    assert_eq!(floor.pump().total(), 0);
    at(&floor, "2026-03-02T11:00:00Z");
    assert_eq!(floor.pump().sent, 2);
    // Written when it was open, and released when it is quiet: it waits for the morning.
    let first = floor.send("ana", conversation, "three");
    let deadline = floor.now() + TimeDelta::days(2);
    let second = floor.ok(&text("ana", conversation, "four").not_after(deadline)).message;
    let third = floor.send("ana", conversation, "five");
    floor.ok(&ClaimDispatch { message: first });
    at(&floor, "2026-03-03T00:00:10Z");
    floor.ok(&RecordAttempt { message: first, attempt: 1, result: SendResult::accepted(provider_of(first)) });
    let until: DateTime<Utc> = "2026-03-03T11:00:00Z".parse().unwrap();
    assert_eq!(floor.ok(&ClaimDispatch { message: second }), Claimed::Deferred { until });
    at(&floor, "2026-03-03T11:00:00Z");
    assert_eq!((floor.pump().sent, floor.message(third).status()), (1, Status::Expired), "the last waited a day");
    assert_eq!([messages[0], messages[1], first].map(|it| floor.message(it).status()), [Status::Sent; 3]);
}

#[test]
fn b06_an_answer_behind_a_message_that_waits_for_the_morning_says_so() {
    let floor = quiet_at_night(|setup| {
        defers(setup);
        setup.organization.quiet_hours.answers_exempt_minutes = 10;
    });
    let conversation = with_customer_in(&floor, "-03:00");
    let opens: DateTime<Utc> = "2026-03-02T11:00:00Z".parse().unwrap();
    let put_off = floor.ok(&text("ana", conversation, "one"));
    assert_eq!(put_off.not_before, Some(opens));
    floor.receive_sms("sms_care", NUMBER, "are you there?");
    let preview = MessagePreview::new(id("sms_care"), NUMBER, Wording::text("yes"));
    assert_eq!(floor.desk.ask(&preview).unwrap().earliest, Some(opens));
    let answer = floor.ok(&text("ana", conversation, "yes"));
    assert!(matches!(floor.message(answer.message).basis().unwrap().hours, HoursBasis::Answer { .. }));
    assert_eq!(answer.not_before, Some(opens), "it could leave now, and is behind one that cannot");
    assert_eq!(floor.pump().total(), 0);
    at(&floor, "2026-03-02T11:00:00Z");
    assert_eq!(floor.pump().sent, 2);
    let at_once = floor.ok(&text("ana", conversation, "and?"));
    assert_eq!(at_once.not_before, None);
    assert_eq!(floor.ok(&text("ana", conversation, "so?")).not_before, None, "the one before it leaves now");
    floor.ok(&ClaimDispatch { message: at_once.message });
    let busy = SendResult::transient(Cause::Busy, "busy");
    floor.ok(&RecordAttempt { message: at_once.message, attempt: 1, result: busy });
    let again = floor.message(at_once.message).next_attempt();
    assert_eq!(floor.ok(&text("ana", conversation, "well?")).not_before, again, "behind one that is tried again later");
}

#[test]
fn b06_an_attempt_that_comes_in_the_night_waits_for_the_morning_or_is_too_late() {
    for (mode, hours, expected) in [(QuietMode::Refuse, 30, Some("2026-03-03T08:00:00Z")), (QuietMode::Defer, 20, None)]
    {
        let floor = quiet_at_night(|setup| {
            setup.organization.quiet_hours.mode = mode;
            setup.organization.timings.delivery.max_retry_seconds = 86_400;
        });
        let conversation = with_customer_in(&floor, "UTC");
        let deadline = floor.now() + TimeDelta::hours(hours);
        let message = floor.ok(&text("ana", conversation, "hello").not_after(deadline)).message;
        at(&floor, "2026-03-02T20:59:00Z");
        let Claimed::Send(dispatch) = floor.ok(&ClaimDispatch { message }) else { panic!("it is due") };
        let closes: DateTime<Utc> = "2026-03-02T21:00:00Z".parse().unwrap();
        assert_eq!(dispatch.not_after, closes);
        floor.ok(&RecordAttempt { message, attempt: 1, result: SendResult::transient(Cause::Busy, "busy") });
        at(&floor, "2026-03-02T21:00:00Z");
        let (claimed, events) = floor.events_of(|| floor.ok(&ClaimDispatch { message }));
        match expected {
            Some(opens) => {
                let until = opens.parse().unwrap();
                assert_eq!((claimed, events), (Claimed::Deferred { until }, vec!["deferred"]));
                assert_eq!(floor.message(message).delivery().step, Step::Due { at: until });
                assert_eq!(floor.message(message).delivery().attempts, 1);
            }
            None => assert_eq!(claimed, Claimed::Expired),
        }
    }
}

#[test]
fn b02_a_claim_that_came_in_the_night_answers_so_again_in_the_morning() {
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "UTC");
    let deadline = floor.now() + TimeDelta::days(2);
    let message = floor.ok(&text("ana", conversation, "hello").not_after(deadline)).message;
    at(&floor, "2026-03-02T22:00:00Z");
    let (claiming, claim) = (floor.id(), ClaimDispatch { message });
    let put_off = Claimed::Deferred { until: "2026-03-03T08:00:00Z".parse().unwrap() };
    let (first, events) = floor.events_of(|| floor.run_as(claiming, &claim).unwrap());
    assert_eq!((&first, events), (&put_off, vec!["deferred"]));
    for time in ["2026-03-02T22:00:00Z", "2026-03-03T07:00:00Z", "2026-03-03T08:00:00Z"] {
        at(&floor, time);
        let world = floor.world();
        assert_eq!(floor.run_as(claiming, &claim).unwrap(), put_off, "at {time}");
        assert_eq!(floor.world(), world, "nothing is done twice");
    }
    let morning = floor.id();
    assert!(matches!(floor.run_as(morning, &claim).unwrap(), Claimed::Send(_)));
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), put_off, "while another sends it");
    floor.desk.store().forget_receipts(floor.now());
    let forgotten = floor.run_as(claiming, &claim).unwrap_err();
    assert!(
        forgotten.refusals().unwrap().has(&Code::DeliveryNotDue),
        "receipts are kept as long as the store keeps them"
    );
}

#[test]
fn b06_what_could_leave_only_at_its_deadline_expires_at_once() {
    for (more, expires) in [(0, true), (1, false)] {
        let floor = quiet_at_night(|_| {});
        let conversation = with_customer_in(&floor, "UTC");
        let opens: DateTime<Utc> = "2026-03-03T08:00:00Z".parse().unwrap();
        let deadline = opens + TimeDelta::seconds(more);
        let message = floor.ok(&text("ana", conversation, "hello").not_after(deadline)).message;
        at(&floor, "2026-03-02T21:00:00Z");
        assert_eq!(floor.ok(&ClaimDispatch { message }) == Claimed::Expired, expires);
    }
}

#[test]
fn b06_a_message_that_waits_is_not_released_before_its_time() {
    let floor = quiet_at_night(|setup| {
        defers(setup);
        setup.organization.quiet_hours.overridable = true;
    });
    let conversation = with_customer_in(&floor, "-03:00");
    let urgent = floor.ok(&text("ana", conversation, "urgent").overriding(because("a fire"))).message;
    let waits = floor.send("ana", conversation, "hello");
    assert_eq!(floor.message(waits).delivery().step, Step::Waiting);
    assert_eq!(floor.pump(), Totals { sent: 1, ..Totals::default() }, "the other is not even looked at");
    assert_eq!(floor.message(urgent).status(), Status::Sent);
    let at = "2026-03-02T11:00:00Z".parse().unwrap();
    assert_eq!(floor.message(waits).delivery().step, Step::Due { at });
}

#[test]
fn b06_a_cap_that_has_room_when_the_message_leaves_lets_it_wait() {
    let floor = quiet_at_night(|setup| {
        defers(setup);
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":3600}]"#).unwrap();
    });
    let rita = Some(id("rita"));
    let start = outbound::command::StartOutbound { customer: rita.clone(), ..email("bruno", MAIL) };
    let by_mail = floor.ok(&start).conversation;
    floor.ok(&text("bruno", by_mail, "hello").with_subject("hello"));
    let start = outbound::command::StartOutbound { customer: rita, ..sms("ana", NUMBER) };
    let by_text = floor.ok(&start).conversation;
    lives(&floor, Some("UTC"));
    floor.refuses(&text("ana", by_text, "hello"), Code::CapsReached);
    lives(&floor, Some("-03:00"));
    assert!(floor.ok(&text("ana", by_text, "hello")).not_before.is_some(), "in two hours there is room");
}

#[test]
fn b06_a_pump_counts_what_waits_as_postponed() {
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "UTC");
    floor.send("ana", conversation, "hello");
    at(&floor, "2026-03-02T22:00:00Z");
    let never = |_: &Dispatch| -> SendResult { panic!("nothing is sent") };
    assert_eq!(floor.desk.deliver_due(floor.id(), &never, &NoMedia, 10).unwrap().totals().postponed, 1);
}

#[test]
fn b06_an_answer_to_the_customers_own_message_was_asked_for_as_long_as_the_set_up_says() {
    let floor = quiet_at_night(|setup| setup.organization.quiet_hours.answers_exempt_minutes = 10);
    let conversation = with_customer_in(&floor, "-03:00");
    floor.refuses(&text("ana", conversation, "hello"), Code::HoursQuiet);
    floor.receive_sms("sms_care", NUMBER, "are you there?");
    let until = floor.now() + TimeDelta::minutes(10);
    let message = floor.send("ana", conversation, "yes");
    assert_eq!(floor.message(message).basis().unwrap().hours, HoursBasis::Answer { until });
    let Claimed::Send(dispatch) = floor.ok(&ClaimDispatch { message }) else { panic!("it leaves at once") };
    assert_eq!((dispatch.not_before, dispatch.not_after), (None, until));
    floor.ok(&RecordAttempt { message, attempt: 1, result: SendResult::transient(Cause::Busy, "busy") });
    floor.advance(600);
    assert!(matches!(floor.ok(&ClaimDispatch { message }), Claimed::Deferred { .. }), "it is no answer any more");
    floor.refuses(&text("ana", conversation, "hello?"), Code::HoursQuiet);
    // Strict by default.
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "-03:00");
    floor.receive_sms("sms_care", NUMBER, "are you there?");
    floor.refuses(&text("ana", conversation, "yes"), Code::HoursQuiet);
}

#[test]
fn b06_an_override_needs_a_reason_and_the_set_ups_leave_and_stays_on_record() {
    let overriding = |conversation| text("ana", conversation, "urgent").overriding(because("the pipe has burst"));
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "-03:00");
    let refusals = floor.refuses(&overriding(conversation), Code::OverrideNotAllowed);
    assert_eq!(refusals.codes(), [Code::HoursQuiet, Code::OverrideNotAllowed]);
    assert_eq!(fact(&refusals, &Code::OverrideNotAllowed, "what"), "quiet hours");
    assert!(serde_json::from_str::<Reason>("\"  \"").is_err(), "a blank reason is none");

    let floor = quiet_at_night(|setup| setup.organization.quiet_hours.overridable = true);
    let conversation = with_customer_in(&floor, "-03:00");
    floor.passes(&overriding(conversation), Code::OverrideNotAllowed);
    let message = floor.ok(&overriding(conversation)).message;
    let basis = floor.message(message).basis().unwrap().clone();
    assert_eq!((basis.hours, basis.override_reason), (HoursBasis::Overridden, Some(because("the pipe has burst"))));
    assert!(matches!(floor.ok(&ClaimDispatch { message }), Claimed::Send(_)));
    // Consent is never overridden.
    floor.receive_sms("sms_care", NUMBER, "STOP");
    floor.refuses(&overriding(conversation), Code::ConsentOptedOut);
    // What was not needed is not on record.
    let floor = quiet_at_night(|_| {});
    let conversation = with_customer_in(&floor, "UTC");
    let message = floor.ok(&overriding(conversation)).message;
    assert_eq!(floor.message(message).basis().unwrap().override_reason, None);
}

#[test]
fn b06_for_no_minutes_nothing_is_an_answer_not_even_to_what_came_while_it_was_decided() {
    let floor = quiet_at_night(|setup| {
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":3600}]"#).unwrap();
    });
    let conversation = with_customer_in(&floor, "UTC");
    floor.send("ana", conversation, "hello");
    floor.advance(5);
    floor.receive_sms("sms_care", NUMBER, "are you there?");
    floor.advance(-5); // The command began before that, in another process.
    floor.refuses(&text("ana", conversation, "yes"), Code::CapsReached);
    lives(&floor, Some("-03:00"));
    floor.refuses(&text("ana", conversation, "yes"), Code::HoursQuiet);
}

// ---- Caps.

fn capped(caps: &str) -> Floor {
    let floor = Floor::with(|setup| {
        setup.organization.caps.limits = serde_json::from_str(caps).unwrap();
    });
    floor.sign_in(&["ana", "bruno"]);
    floor
}

const TWO_AN_HOUR: &str = r#"[{"count":2,"within_seconds":3600}]"#;

#[test]
fn b06_a_customer_is_not_written_to_too_often() {
    let floor = capped(TWO_AN_HOUR);
    let conversation = floor.start_sms("ana", NUMBER);
    let hello = || text("ana", conversation, "hello");
    let first = floor.now();
    floor.passes(&hello(), Code::CapsReached);
    let message = floor.ok(&hello()).message;
    assert_eq!(floor.message(message).basis().unwrap().caps, CapsBasis::Within);
    floor.advance(60);
    floor.ok(&hello());
    let refusals = floor.refuses(&hello(), Code::CapsReached);
    assert_eq!(refusals.primary().category(), Category::AtCapacity);
    assert_eq!(refusals.primary().retry(), Retry::At(first + TimeDelta::hours(1)));
    for (name, value) in [("used", "2"), ("limit", "2"), ("seconds", "3600")] {
        assert_eq!(fact(&refusals, &Code::CapsReached, name), value);
    }
    floor.advance(3539);
    floor.refuses(&hello(), Code::CapsReached);
    floor.advance(1);
    floor.ok(&hello());
    floor.refuses(&hello(), Code::CapsReached);
    let world = floor.world();
    assert_eq!(world.customers().next().unwrap().written().len(), 2, "no more is kept than counts");
}

#[test]
fn b06_caps_count_over_all_addresses_and_channels_of_the_customer() {
    let floor = capped(TWO_AN_HOUR);
    let rita = Some(id("rita"));
    let start = outbound::command::StartOutbound { customer: rita.clone(), ..sms("ana", NUMBER) };
    let by_text = floor.ok(&start).conversation;
    let start = outbound::command::StartOutbound { customer: rita, ..email("bruno", MAIL) };
    let by_mail = floor.ok(&start).conversation;
    floor.send("ana", by_text, "hello");
    floor.ok(&text("bruno", by_mail, "hello").with_subject("hello"));
    floor.refuses(&text("ana", by_text, "hello"), Code::CapsReached);
    let another = floor.start_sms("bruno", "+351912345670");
    floor.passes(&text("bruno", another, "hello"), Code::CapsReached);
}

#[test]
fn b06_answers_do_not_count_as_long_as_the_set_up_says_and_overrides_do() {
    let floor = Floor::with(|setup| {
        let caps = &mut setup.organization.caps;
        caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":3600}]"#).unwrap();
        (caps.answers_exempt_minutes, caps.overridable) = (5, true);
    });
    floor.sign_in(&["ana"]);
    let conversation = floor.start_sms("ana", NUMBER);
    floor.send("ana", conversation, "hello");
    floor.refuses(&text("ana", conversation, "hello?"), Code::CapsReached);
    floor.receive_sms("sms_care", NUMBER, "yes?");
    for _ in 0..3 {
        let message = floor.send("ana", conversation, "an answer");
        assert_eq!(floor.message(message).basis().unwrap().caps, CapsBasis::Answer);
    }
    floor.advance(300);
    floor.refuses(&text("ana", conversation, "hello?"), Code::CapsReached);
    let message = floor.ok(&text("ana", conversation, "hello!").overriding(because("urgent"))).message;
    assert_eq!(floor.message(message).basis().unwrap().caps, CapsBasis::Overridden);
    floor.advance(3301);
    let refusals = floor.refuses(&text("ana", conversation, "hello?"), Code::CapsReached);
    assert_eq!(refusals.primary().retry(), Retry::At(floor.now() + TimeDelta::seconds(299)), "it counted");
}

#[test]
fn b06_what_waits_counts_when_it_leaves() {
    let floor = quiet_at_night(|setup| {
        defers(setup);
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":3600}]"#).unwrap();
    });
    let conversation = with_customer_in(&floor, "-03:00");
    floor.send("ana", conversation, "hello");
    let opens: DateTime<Utc> = "2026-03-02T11:00:00Z".parse().unwrap();
    let refusals = floor.refuses(&text("ana", conversation, "and hello"), Code::CapsReached);
    assert_eq!(refusals.primary().retry(), Retry::At(opens + TimeDelta::hours(1)));
}

#[test]
fn b06_a_message_whose_recipient_is_never_awake_is_not_sent_late() {
    let floor = quiet_at_night(defers);
    let conversation = floor.start_email("ana", MAIL);
    let message = floor.ok(&text("ana", conversation, "hi").with_subject("hi")).message;
    // Somewhere in the world it is always night.
    floor.change(|setup| setup.organization.quiet_hours.email = night());
    assert!(matches!(floor.ok(&ClaimDispatch { message }), Claimed::Expired));
}
