//! The orphan check, on worlds that no command makes (B15).

use chrono::TimeDelta;
use outbound::command::{ClaimDispatch, FireDue, Rehome, SignOut, Unfinished};
use outbound::desk::{Desk, Ended, Swept};
use outbound::engine::{Changes, Guard, IndexChange, Write};
use outbound::memory::MemoryStore;
use outbound::model::{ConversationId, Holder, Key, TaskState};
use outbound::port::{ManualClock, Store};
use outbound::query::{Orphan, Orphans, Repair, orphans};
use outbound::record::{Entry, Firing, Versioned, World};
use serde_json::{Value, json};

use crate::support::{Floor, command_id, id, start_of_time, to_queue, working};

/// The floor's world, with the fields of one record written over.
fn tampered(floor: &Floor, key: Key, tamper: impl Fn(&mut Value)) -> World {
    World::new(floor.world().records().map(|versioned| {
        if versioned.record.key() != key {
            return versioned.clone();
        }
        let mut json = serde_json::to_value(versioned).expect("a record has a JSON form");
        let record = json["record"].as_object_mut().expect("a record is of a kind");
        tamper(record.values_mut().next().expect("one kind"));
        serde_json::from_value(json).expect("it is still a record")
    }))
}

fn found(floor: &Floor, world: &World) -> Vec<Orphan> {
    let found = orphans(world, floor.desk.terms().directory(), floor.now(), TimeDelta::minutes(5));
    for limit in [0, 1, 2, 1000] {
        assert_eq!(found_by_pages(floor, world, limit), found, "asked for by pages of {limit}");
    }
    found
}

/// The same, asked of a store that holds the world.
fn found_by_pages(floor: &Floor, world: &World, limit: usize) -> Vec<Orphan> {
    let store = MemoryStore::new();
    let writes: Vec<Write> = world.records().map(|it| Write { key: it.record.key(), versioned: it.clone() }).collect();
    let guards = writes.iter().map(|write| Guard { key: write.key, version: None }).collect();
    let command = command_id(floor.now(), 1);
    store.commit(Changes { command, guards, writes, index: Vec::new(), events: Vec::new() }).unwrap();
    let desk = Desk::new(store, floor.desk.terms(), ManualClock::at(floor.now()));
    let mut page = Orphans { grace_seconds: 300, ..Orphans::new(limit) };
    let mut found = Vec::new();
    loop {
        let answer = desk.ask(&page).unwrap();
        found.extend(answer.orphans);
        let Some(next) = answer.next else { return found };
        page = page.after(next);
    }
}

/// What is found in a world that is broken: it can only be reported.
fn contradiction(floor: &Floor, key: Key, tamper: impl Fn(&mut Value)) -> Vec<Orphan> {
    assert_eq!(found(floor, &floor.world()), [], "it is sound before");
    let found = found(floor, &tampered(floor, key, tamper));
    assert!(found.iter().all(|orphan| orphan.repair() == Repair::Report), "{found:?}");
    found
}

fn presence(agent: &str) -> Key {
    Key::presence(&id(agent))
}

fn contact(floor: &Floor, conversation: ConversationId) -> Key {
    Key::contact(floor.conversation(conversation).address())
}

#[test]
fn b15_a_slot_that_is_missing() {
    let missing = |agent: &str, conversation| [Orphan::SlotMissing { conversation, agent: id(agent) }];
    let (floor, conversation) = working();
    let no_slots = |presence: &mut Value| presence["slots"] = json!([]);
    assert_eq!(contradiction(&floor, presence("ana"), no_slots), missing("ana", conversation));
    floor.transfer("ana", conversation, "bruno");
    assert_eq!(contradiction(&floor, presence("bruno"), no_slots), missing("bruno", conversation));
    floor.pass(30);
    floor.close("ana", conversation);
    assert_eq!(contradiction(&floor, presence("ana"), no_slots), missing("ana", conversation), "nobody wraps it up");
}

#[test]
fn b15_a_slot_that_is_leaked() {
    let (floor, conversation) = working();
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    floor.pass(60);
    let leaked = json!([{ "class": "social", "outbound": true, "since": floor.now(),
        "occupant": { "task": { "conversation": conversation } } }]);
    let found = contradiction(&floor, presence("ana"), |presence| presence["slots"] = leaked.clone());
    assert_eq!(found, [Orphan::SlotLeaked { conversation, agent: id("ana") }]);
}

#[test]
fn b15_a_transfer_that_is_broken() {
    let (floor, conversation) = working();
    let broken = [Orphan::TransferBroken { agent: id("ana") }];
    let found = contradiction(&floor, presence("ana"), |presence| presence["transferring"] = json!(conversation));
    assert_eq!(found, broken, "nothing is frozen");
    floor.transfer("ana", conversation, "bruno");
    let found = contradiction(&floor, presence("ana"), |presence| presence["transferring"] = Value::Null);
    assert_eq!(found, broken, "a stuck freeze");
}

#[test]
fn b15_a_thread_that_is_broken() {
    let (floor, conversation) = working();
    let broken = [Orphan::ThreadBroken { conversation }];
    let key = contact(&floor, conversation);
    let found = contradiction(&floor, key, |contact| contact["threads"][0]["open"] = Value::Null);
    assert_eq!(found, broken, "nothing leads to an open conversation");
    floor.close("ana", conversation);
    let found = contradiction(&floor, key, |contact| contact["threads"][0]["open"] = json!(conversation));
    assert_eq!(found, broken, "the key of a closed one is not free");
}

#[test]
fn b15_a_holder_who_is_gone_and_the_rehoming() {
    let (floor, conversation) = working();
    floor.ok(&to_queue("ana", conversation, "sales_queue"));
    assert_eq!(found(&floor, &floor.world()), []);
    floor.change(|setup| {
        setup.queues.retain(|queue| queue.id != id("sales_queue"));
        setup.entry_points.retain(|entry_point| entry_point.queue != id("sales_queue"));
    });
    let holder = Holder::Queue(id("sales_queue"));
    let orphans = found(&floor, &floor.world());
    assert_eq!(orphans, [Orphan::HolderGone { conversation, holder }]);
    assert_eq!(orphans[0].repair(), Repair::Rehome(conversation));
    floor.ok(&Rehome { conversation });
    assert_eq!(found(&floor, &floor.world()), []);
}

#[test]
fn b15_an_agent_who_is_gone_and_the_signing_out() {
    let (floor, conversation) = working();
    floor.change(|setup| setup.agents.retain(|agent| agent.id != id("ana")));
    let holder = Holder::Agent(id("ana"));
    let gone = [Orphan::AbsentAgent { agent: id("ana") }, Orphan::HolderGone { conversation, holder }];
    assert_eq!(found(&floor, &floor.world()), gone);
    assert_eq!(gone[0].repair(), Repair::SignOut(id("ana")));
    floor.ok(&SignOut { agent: id("ana"), unfinished: Unfinished::Requeue });
    assert_eq!(found(&floor, &floor.world()), [], "one repair mends both");
}

#[test]
fn b15_slots_of_an_agent_who_is_signed_out_and_the_signing_out() {
    let (floor, conversation) = working();
    let world = tampered(&floor, presence("ana"), |presence| presence["session"] = Value::Null);
    assert_eq!(found(&floor, &world), [Orphan::AbsentAgent { agent: id("ana") }]);

    let broken = desk_over(&floor, &world);
    broken.desk.run(floor.id(), &SignOut { agent: id("ana"), unfinished: Unfinished::Requeue }).unwrap();
    assert_eq!(found(&broken, &broken.world()), []);
    assert!(matches!(broken.task(conversation), TaskState::Queued { .. }));
}

/// A floor over a world that was made by hand.
pub(crate) fn desk_over(floor: &Floor, world: &World) -> Floor {
    let other = Floor::under(floor.desk.terms());
    put(other.desk.store(), world);
    other
}

fn put(store: &MemoryStore, world: &World) {
    let writes = |versioned: &Versioned| Write { key: versioned.record.key(), versioned: versioned.clone() };
    let entries = |versioned: &Versioned| Entry::of(&versioned.record);
    let changes = Changes {
        command: command_id(start_of_time(), 0),
        guards: Vec::new(),
        writes: world.records().map(writes).collect(),
        events: Vec::new(),
        index: world.records().flat_map(entries).map(IndexChange::Add).collect(),
    };
    store.commit(changes).unwrap();
}

#[test]
fn b15_a_deadline_that_nobody_fired_and_the_firing() {
    let (floor, conversation) = working();
    floor.transfer("ana", conversation, "bruno");
    let deadline = floor.now() + TimeDelta::seconds(30);
    floor.advance(30 + 300);
    assert_eq!(found(&floor, &floor.world()), [], "late, and within the grace");
    floor.advance(1);
    let at = Key::conversation(conversation);
    let orphans = found(&floor, &floor.world());
    assert_eq!(orphans, [Orphan::Overdue { at, deadline }]);
    assert_eq!(orphans[0].repair(), Repair::Fire(at));
    assert_eq!(floor.ok(&FireDue { at }).what, [Firing::OfferLapsed { conversation, agent: id("bruno") }]);
    assert_eq!(found(&floor, &floor.world()), []);
}

#[test]
fn b15_a_wrap_up_that_nobody_fired_and_the_firing() {
    let (floor, conversation) = working();
    floor.close("ana", conversation);
    let deadline = floor.now() + TimeDelta::seconds(60);
    floor.advance(60 + 301);
    let at = presence("ana");
    assert_eq!(found(&floor, &floor.world()), [Orphan::Overdue { at, deadline }]);
    assert_eq!(floor.ok(&FireDue { at }).what, [Firing::WrappedUp { conversation, agent: id("ana") }]);
    assert_eq!(floor.ok(&FireDue { at }).what, [], "firing again does nothing");
    assert_eq!(found(&floor, &floor.world()), []);
}

/// The floor's world without one record.
fn without(floor: &Floor, key: Key) -> World {
    World::new(floor.world().records().filter(|versioned| versioned.record.key() != key).cloned())
}

#[test]
fn b15_a_conversation_whose_next_message_nobody_attempts() {
    let (floor, conversation) = working();
    let first = floor.send("ana", conversation, "hello");
    let second = floor.send("ana", conversation, "are you there?");
    let stuck = [Orphan::OutboxStuck { conversation }];
    for step in ["waiting", "settled"] {
        let tamper = |message: &mut Value| message["delivery"]["step"] = json!({ "step": step });
        assert_eq!(contradiction(&floor, Key::message(first), tamper), stuck, "{step}");
        assert_eq!(contradiction(&floor, Key::message(second), tamper), [], "the second may wait: {step}");
    }
    assert_eq!(found(&floor, &without(&floor, Key::message(first))), stuck, "it is missing");

    floor.ok(&ClaimDispatch { message: first });
    assert_eq!(found(&floor, &floor.world()), [], "being attempted is to move");
    floor.advance(60);
    floor.pump();
    assert_eq!(found(&floor, &floor.world()), [], "nothing is left to be sent");
}

#[test]
fn b15_a_wrap_up_without_its_slot_and_a_slot_without_its_wrap_up() {
    let (floor, conversation) = working();
    let other = floor.start_sms("ana", "+351912345679");
    floor.close("ana", conversation);
    let slots = serde_json::to_value(floor.presence("ana").slots()).unwrap();
    let wrap_up = slots[0].clone();
    assert!(wrap_up["occupant"]["wrap_up"].is_object(), "{wrap_up}");

    let no_wrap_up = |presence: &mut Value| presence["slots"] = json!([slots[1]]);
    let missing = Orphan::SlotMissing { conversation, agent: id("ana") };
    assert_eq!(contradiction(&floor, presence("ana"), no_wrap_up), [missing], "the other conversation keeps its own");

    let one_too_many = |presence: &mut Value| {
        let mut leaked = wrap_up.clone();
        leaked["occupant"]["wrap_up"]["conversation"] = json!(other);
        presence["slots"] = json!([slots[0], slots[1], leaked]);
    };
    let leaked = Orphan::SlotLeaked { conversation: other, agent: id("ana") };
    assert_eq!(contradiction(&floor, presence("ana"), one_too_many), [leaked], "Ana has the task still");
}

#[test]
fn b15_what_cannot_be_fired_does_not_keep_the_rest_from_it() {
    let (floor, broken) = working();
    floor.close("ana", broken);
    floor.advance(1);
    let whole = floor.start_sms("bruno", "+351912345679");
    floor.close("bruno", whole);
    let asked = floor.start_sms("bruno", "+351912345670");
    floor.transfer("bruno", asked, "ana");
    let world = without(&floor, Key::conversation(broken));

    let floor = desk_over(&floor, &world);
    assert_eq!(floor.desk.fire_due(1_000).unwrap(), Swept::default(), "nothing is due");
    floor.advance(61);
    let slow = desk_over(&floor, &world);
    slow.advance(61);
    let one_by_one = [(); 3].map(|()| slow.desk.fire_due(1).unwrap());
    let seen = one_by_one.map(|swept| (swept.fired.len(), swept.stuck.len(), swept.ended));
    let (at_limit, done) = (Ended::AtLimit, Ended::Done);
    assert_eq!(seen, [(1, 0, at_limit.clone()), (1, 1, at_limit), (0, 1, done)], "what is stuck does not count");
    let swept = floor.desk.fire_due(1_000).unwrap();
    let stuck = |swept: &Swept| swept.stuck.iter().map(|it| it.at).collect::<Vec<_>>();
    assert_eq!(stuck(&swept), [presence("ana")], "its wrap-up names a conversation that is missing");
    assert_eq!(
        swept.stuck[0].why,
        format!("the record `{}` is named by another, and is missing or of another kind", Key::conversation(broken))
    );
    let lapsed = Firing::OfferLapsed { conversation: asked, agent: id("ana") };
    let wrapped_up = Firing::WrappedUp { conversation: whole, agent: id("bruno") };
    let fired: Vec<_> = swept.fired.iter().map(|it| (it.at, it.what.clone())).collect();
    let expected = [(Key::conversation(asked), lapsed), (presence("bruno"), wrapped_up)];
    assert_eq!(fired, expected, "what is due before it, and behind it");
    let due = swept.fired.iter().map(|it| (floor.now() - it.due).num_seconds());
    assert_eq!(due.collect::<Vec<_>>(), [30, 0], "an offer takes 30 seconds less than a wrap-up");
    let again = floor.desk.fire_due(1_000).unwrap();
    assert_eq!((&again.fired, stuck(&again)), (&vec![], vec![presence("ana")]), "it is tried again");
}

#[test]
fn b15_pages_leave_nothing_out_and_a_page_that_is_not_full_is_the_last() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno", "carla"]);
    for (agent, number) in [("ana", "+351912345671"), ("bruno", "+351912345672"), ("carla", "+351912345673")] {
        floor.start_sms(agent, number);
    }
    floor.change(|setup| setup.agents.clear());
    assert_eq!(found(&floor, &floor.world()).len(), 6, "three agents and three tasks");
    let page = |limit| floor.desk.ask(&Orphans::new(limit)).unwrap();
    assert_eq!((page(9).next.is_some(), page(10).next), (true, None), "three contacts, presences and conversations");
    assert_eq!(page(4).orphans.len(), 1, "of the first presence");
}
