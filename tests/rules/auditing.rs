//! Events are complete, and every refusal, too, can be recorded (B14).

use std::collections::{BTreeMap, BTreeSet};

use outbound::command::{SendMessage, SetState, StartOutbound};
use outbound::model::{ChosenState, Key, Wording};
use outbound::record::{Actor, Event, Record, RefusedAttempt, World};
use outbound::refusal::Code;

use crate::day::{self, Day, round_trip};
use crate::support::{Floor, id, sms};

const CUSTOMER: &str = "+351912345678";

fn attempts(floor: &Floor) -> Vec<RefusedAttempt> {
    let refused = |event| if let Event::Refused(attempt) = event { Some(*attempt) } else { None };
    floor.events().into_iter().filter_map(|envelope| refused(envelope.event)).collect()
}

#[test]
fn b14_a_refusal_is_recorded_where_that_is_asked_for() {
    let floor = Floor::new().audited();
    let command = floor.id();
    let refusals = floor.run_as(command, &sms("ana", CUSTOMER)).unwrap_err().refusals().cloned().unwrap();
    let [attempt] = &attempts(&floor)[..] else { panic!("one attempt") };
    assert_eq!((attempt.command, &*attempt.name), (command, "start_outbound"));
    assert_eq!(attempt.refusals, refusals, "every reason with its facts");
    assert_eq!(floor.events()[0].actor, Actor::Agent(id("ana")));
    let record = floor.world().get(Key::refused(attempt.attempt)).cloned();
    assert_eq!(record, Some(Record::Refused(attempt.clone().into())), "to be found as a record as well");
}

#[test]
fn b14_without_being_asked_for_nothing_is_written() {
    let floor = Floor::new();
    floor.refused(&sms("ana", CUSTOMER));
    assert_eq!((floor.events().len(), floor.world().records().count()), (0, 0));
}

#[test]
fn b14_what_is_only_explained_is_no_attempt() {
    let floor = Floor::new().audited();
    assert!(!floor.explain(&sms("ana", CUSTOMER)).is_allowed());
    assert_eq!(attempts(&floor), []);
}

#[test]
fn b14_each_attempt_under_one_id_is_an_event_of_its_own() {
    let floor = Floor::new().audited();
    floor.sign_in(&["ana"]);
    floor.set_idle("ana");
    let (command, start) = (floor.id(), sms("ana", CUSTOMER));
    for _ in 0..2 {
        floor.advance(1);
        floor.run_as(command, &start).unwrap_err();
    }
    floor.ok(&SetState { agent: id("ana"), class: None, state: ChosenState::Available });
    floor.run_as(command, &start).unwrap();
    assert_eq!(attempts(&floor).len(), 2);
    assert_event_ids_are_unique(&floor);
}

fn assert_event_ids_are_unique(floor: &Floor) {
    let events = floor.events();
    let ids: BTreeSet<_> = events.iter().map(|envelope| envelope.id()).collect();
    assert_eq!(ids.len(), events.len(), "an integrator that drops what it saw would drop an event");
}

/// The day of a whole floor, with refusals in it.
fn after_a_day() -> Floor {
    let floor = day::floor().audited();
    Day::of(&floor).repeat_everything();
    floor.refuses(&StartOutbound { entry_point: id("sms_old"), ..sms("davi", "912") }, Code::LicenceNotPremium);
    let conversation = floor.start_sms("hugo", "+351912345670");
    floor.refuses(&SendMessage::new(id("hugo"), conversation, Wording::text(" ")), Code::MessageBlank);
    floor
}

#[test]
fn b14_the_sequence_of_every_stream_has_no_gaps() {
    let floor = after_a_day();
    let mut streams: BTreeMap<Key, u64> = BTreeMap::new();
    for envelope in floor.events() {
        let last = streams.entry(envelope.stream).or_default();
        *last += 1;
        assert_eq!(envelope.sequence, *last, "{envelope:?}");
    }
    for versioned in floor.world().with_history().records() {
        assert_eq!(streams.get(&versioned.record.key()), Some(&versioned.version.0), "a version counts its events");
    }
    assert_event_ids_are_unique(&floor);
}

#[test]
fn b14_events_of_one_command_are_numbered_and_of_one_moment() {
    let floor = after_a_day();
    let mut commands: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for envelope in floor.events() {
        commands.entry(envelope.command).or_default().push((envelope.ordinal, envelope.at, envelope.actor));
    }
    for events in commands.values() {
        assert!(events.iter().enumerate().all(|(nth, event)| usize::from(event.0) == nth), "{events:?}");
        assert!(events.windows(2).all(|two| two[0].1 == two[1].1 && two[0].2 == two[1].2), "{events:?}");
    }
}

#[test]
fn b14_an_event_names_the_set_up_it_was_decided_under() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    floor.change(|_| {});
    floor.start_sms("ana", CUSTOMER);
    let versions: Vec<_> = floor.events().iter().map(|envelope| envelope.directory).collect();
    assert_eq!(versions, [1, 2, 2, 2, 2, 2, 2]);
}

#[test]
fn b14_state_is_rebuilt_from_the_events_as_they_were_written_down() {
    let floor = after_a_day();
    let written = serde_json::to_string(&floor.events()).unwrap();
    let read: Vec<outbound::record::Envelope> = serde_json::from_str(&written).unwrap();
    assert_eq!(World::from_events(&read), floor.world().with_history());
}

#[test]
fn b14_who_follows_the_feed_has_the_records_though_some_events_come_twice() {
    let floor = after_a_day();
    let events = floor.events();
    let mut followed = World::default();
    for page in events.windows(3) {
        page.iter().for_each(|envelope| followed.apply(envelope));
    }
    assert_eq!(followed, floor.world().with_history());

    for record in floor.world().with_history().records() {
        followed.forget(record.record.key());
    }
    events.iter().filter(|it| it.sequence > 1).for_each(|later| followed.apply(later));
    assert_eq!(followed, World::default(), "what was not seen from its beginning is not made up");
}

#[test]
fn b14_every_record_and_event_is_read_back_as_it_was_written_down() {
    let floor = after_a_day();
    let events = floor.events();
    events.iter().for_each(round_trip);
    floor.world().records().for_each(round_trip);
    let names: BTreeSet<_> = events.iter().map(|envelope| envelope.event.name()).collect();
    assert!(names.len() >= 35, "a day should have more kinds of events than {names:?}");
}
