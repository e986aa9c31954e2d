//! The catalogue of invariants: all hold of a contact centre at work, and each is broken by a world that breaks it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of tests fail as tests do")]

mod support;

use std::collections::BTreeSet;

use outbound::directory::{ConflictScope, Directory};
use outbound::model::{Author, Key, Kind};
use outbound::record::{Envelope, Record, Versioned, World};
use outbound::testing::invariant::{ALL, check_all, check_directory, check_entries, check_events};
use serde_json::Value;

use crate::support::{Floor, NUMBER, acme, signed_in};

/// Ana holds a conversation with messages on their way, and has closed another, by e-mail; Bruno's is frozen.
fn at_work() -> Floor {
    let floor = signed_in(&["ana", "bruno", "carla"]);
    let by_mail = floor.start_email("ana", "rita@example.com");
    let letter = support::text("ana", by_mail, "hello").with_subject("Order 10");
    floor.ok(&letter);
    floor.pump();
    floor.close("ana", by_mail);
    let conversation = floor.start_sms("ana", NUMBER);
    floor.receive_sms("sms_care", NUMBER, "hello");
    floor.send("ana", conversation, "one");
    floor.send("ana", conversation, "two");
    let frozen = floor.start_sms("bruno", "+351912345670");
    floor.transfer("bruno", frozen, "carla");
    floor
}

/// A confirmation of an opt-out is on its way, beside a message that waits for another.
fn confirming() -> Floor {
    let floor = Floor::with(|setup| {
        let goodbye = r#"{"id":"goodbye","name":"Goodbye","channel":"sms","version":1,"body":"Goodbye."}"#;
        setup.templates.push(serde_json::from_str(goodbye).unwrap());
        setup.organization.consent.confirmation = Some(support::id("goodbye"));
    });
    floor.sign_in(&["ana"]);
    let conversation = floor.start_sms("ana", NUMBER);
    floor.send("ana", conversation, "one");
    floor.send("ana", conversation, "two");
    floor.receive_sms("sms_care", NUMBER, "STOP");
    floor
}

#[test]
fn b05_a_confirmation_stands_in_no_line() {
    let world = confirming().world();
    assert_eq!(check_all(&world), Vec::new());
    let waiting =
        changed(&world, Kind::Message, |it| it["delivery"]["step"] = serde_json::json!({ "step": "waiting" }));
    let confirmation = world.messages().find(|it| it.author() == Some(&Author::System)).unwrap().key();
    let found = check_all(&waiting);
    assert!(found.iter().any(|found| found.invariant == "outbox_moves" && found.at == confirmation), "{found:?}");
}

/// All records as they are written down.
fn written(world: &World) -> Vec<Value> {
    world.records().map(|versioned| serde_json::to_value(versioned).unwrap()).collect()
}

fn read(records: Vec<Value>) -> World {
    World::new(records.into_iter().map(|record| serde_json::from_value::<Versioned>(record).unwrap()))
}

/// The world with its records of a kind changed.
fn changed(world: &World, kind: Kind, change: impl Fn(&mut Value)) -> World {
    let mut records = written(world);
    for record in &mut records {
        if let Some(inside) = record["record"].get_mut(kind.as_str()) {
            change(inside);
        }
    }
    read(records)
}

fn without(world: &World, kind: Kind) -> World {
    World::new(world.records().filter(|versioned| versioned.record.key().kind() != kind).cloned())
}

fn of_stream<'e>(events: &'e [Envelope], name: &str) -> &'e Envelope {
    events.iter().find(|envelope| envelope.event.name() == name).unwrap()
}

/// Every way to break one, with the names of what is found to be broken.
fn broken(floor: &Floor) -> Vec<(&'static str, Vec<&'static str>)> {
    let (world, events, entries) = (floor.world(), floor.events(), floor.desk.store().entries());
    let mut setup = acme();
    setup.organization.conflict_scope = ConflictScope::Address;
    let strict = Directory::new(setup).unwrap();
    let names = |violations: Vec<outbound::testing::invariant::Violation>| {
        violations.into_iter().map(|violation| violation.invariant).collect::<Vec<_>>()
    };
    let of_records = |world: World| names(check_all(&world));
    let of_events = |world: &World, events: &[Envelope]| names(check_events(world, events));
    let is = |value: &Value, state: &str| value["task"]["state"]["state"] == state;

    let address = written(&world).into_iter().find_map(|record| {
        let conversation = record["record"].get("conversation")?.clone();
        is(&conversation, "active").then(|| conversation["opening"]["address"].clone())
    });
    let twice = changed(&world, Kind::Conversation, |it| it["opening"]["address"] = address.clone().unwrap());
    let full = changed(&world, Kind::Presence, |it| {
        let slots = it["slots"].as_array_mut().unwrap();
        if let Some(slot) = slots.first().cloned() {
            slots.extend(vec![slot; 9]);
        }
    });
    let frozen = world.conversations().find(|it| it.state().as_str() == "frozen").unwrap().key();
    let mut sent_while_frozen = events.clone();
    sent_while_frozen.push(Envelope { stream: frozen, ..of_stream(&events, "message_sent").clone() });
    let mut accepted_twice = events.clone();
    accepted_twice.push(of_stream(&events, "accepted_by_provider").clone());
    let newer = World::new(world.records().cloned().map(|mut versioned| {
        versioned.version.0 += u64::from(matches!(versioned.record, Record::Contact(_)));
        versioned
    }));
    let more = entries.iter().copied().chain(entries.first().copied()).collect::<Vec<_>>();
    let some_message = world.messages().next().unwrap().id().to_string();

    vec![
        ("one_open_conversation", of_records(twice.clone())),
        ("one_open_conversation_per_address", names(check_directory(&twice, &strict))),
        (
            "threads_lead_to_conversations",
            of_records(changed(&world, Kind::Contact, |it| it["threads"][0]["open"] = Value::Null)),
        ),
        ("slots_within_limits", names(check_directory(&full, &strict))),
        ("slots_are_justified", of_records(full)),
        ("slots_are_justified", of_records(changed(&world, Kind::Presence, |it| it["slots"] = Value::Array(vec![])))),
        (
            "transfers_match_frozen_tasks",
            of_records(changed(&world, Kind::Presence, |it| it["transferring"] = Value::Null)),
        ),
        (
            "one_holder",
            of_records(changed(&world, Kind::Conversation, |it| {
                it["closed"] = serde_json::json!({ "by": "host", "at": "2026-03-02T09:00:00Z" });
            })),
        ),
        ("one_holder", of_records(changed(&world, Kind::Presence, |it| it["slots"] = Value::Array(vec![])))),
        ("frozen_sends_nothing", of_events(&world, &sent_while_frozen)),
        (
            "outbox_moves",
            of_records(changed(&world, Kind::Message, |it| {
                it["delivery"]["step"] = serde_json::json!({ "step": "settled" });
            })),
        ),
        (
            "outbox_moves",
            of_records(changed(&world, Kind::Message, |it| {
                if it["delivery"]["step"]["step"] == "due" {
                    it["delivery"]["step"] = serde_json::json!({ "step": "waiting" });
                }
            })),
        ),
        ("accepted_once", of_events(&world, &accepted_twice)),
        (
            "references_lead_to_messages",
            of_records(changed(&world, Kind::Reference, |it| it["message"] = some_message.clone().into())),
        ),
        ("references_lead_to_messages", of_records(without(&world, Kind::Reference))),
        ("messages_are_numbered", of_records(changed(&world, Kind::Conversation, |it| it["messages"] = 9.into()))),
        ("subjects_were_used", of_records(without(&world, Kind::Subject))),
        (
            "subjects_were_used",
            of_records(changed(&world, Kind::Subject, |it| {
                it["key"] = Key::from_bytes(Kind::Subject, [0; 16]).to_string().into();
            })),
        ),
        ("receipts_lead_to_what_was_done", of_records(without(&world, Kind::Message))),
        ("entries_are_of_records", names(check_entries(&world, &entries[1..]))),
        ("entries_are_of_records", names(check_entries(&world, &more))),
        (
            "events_make_the_records",
            of_events(&changed(&world, Kind::Conversation, |it| it["task"]["hops"] = 7.into()), &events),
        ),
        ("events_make_the_records", of_events(&without(&world, Kind::Contact), &events)),
        ("versions_count_events", of_events(&newer, &events)),
        ("versions_count_events", of_events(&world, &events[1..])),
    ]
}

#[test]
fn every_invariant_holds_of_a_contact_centre_at_work() {
    let floor = at_work();
    let (world, directory) = (floor.world(), floor.desk.terms());
    assert_eq!(check_all(&world), []);
    assert_eq!(check_directory(&world, directory.directory()), []);
    assert_eq!(check_events(&world, &floor.events()), []);
    assert_eq!(check_entries(&world, &floor.desk.store().entries()), []);
}

#[test]
fn every_invariant_is_broken_by_a_world_that_breaks_it() {
    let broken = broken(&at_work());
    for (invariant, found) in &broken {
        assert!(found.contains(invariant), "{invariant} was not found to be broken, but: {found:?}");
    }
    let tried: BTreeSet<&str> = broken.iter().map(|(invariant, _)| *invariant).collect();
    let all: BTreeSet<&str> = ALL.iter().map(|invariant| invariant.id).collect();
    assert_eq!(tried, all);
}

#[test]
fn b9_a_thread_goes_on_under_the_other_form_of_its_number() {
    let floor = signed_in(&["ana"]);
    let first = floor.start_sms("ana", "+5511961234567");
    floor.close("ana", first);
    let second = floor.start_sms("ana", "+551161234567");
    assert_eq!(floor.conversation(second).previous(), Some(first));
    assert_eq!(check_all(&floor.world()), []);
}
