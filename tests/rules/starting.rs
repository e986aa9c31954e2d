//! Who may start a conversation, where they stand while they do, and what a start makes (R1–R10, R13, R18–R22).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use outbound::command::{Decline, InteractionHow, Park, SignIn, SignOut, StartOutbound, Unfinished};
use outbound::desk::Desk;
use outbound::directory::{Directory, Licence};
use outbound::engine::{Changes, Loaded, Reads, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{Channel, ChosenState, MediaClass, Occupant, Origin, ShapeOnly, State, Status, TaskState};
use outbound::port::{CommitError, EventPage, EventQuery, Failure, Store};
use outbound::record::StartedHow;
use outbound::refusal::{Category, Code, Retry, Value};

use crate::support::{Floor, acme, command_id, email, id, offered_interaction, signed_in, sms, start_of_time};

const CUSTOMER: &str = "+351912345678";
const MAIL: &str = "rui@customer.example";

fn on(channel: Channel, agent: &str) -> StartOutbound {
    StartOutbound { channel, ..sms(agent, CUSTOMER) }
}

#[test]
fn r01_an_agent_writes_first_from_the_desk() {
    let floor = signed_in(&["ana"]);
    let started = floor.ok(&sms("ana", CUSTOMER));
    assert_eq!(started.how, StartedHow::Opened);
    let conversation = floor.conversation(started.conversation);
    assert_eq!(conversation.opening().origin, Origin::Agent(id("ana")));
    assert!(conversation.is_outbound());
    let message = floor.send("ana", started.conversation, "hello");
    floor.pump();
    assert_eq!(floor.message(message).status(), Status::Sent, "before the customer ever wrote");
}

#[test]
fn r02_conversations_start_on_sms_and_email_only() {
    let floor = signed_in(&["ana"]);
    for channel in [Channel::Voice, Channel::Chat] {
        let refusals = floor.refuses(&on(channel, "ana"), Code::ChannelNotOutbound);
        assert_eq!(refusals.primary().fact("channel"), Some(&Value::Channel(channel)));
        assert_eq!(refusals.primary().retry(), Retry::Never);
    }
    for start in [sms("ana", CUSTOMER), email("ana", MAIL)] {
        floor.passes(&start, Code::ChannelNotOutbound);
        floor.ok(&start);
    }
}

#[test]
fn r03_licence_and_access_to_digital_channels_are_two_refusals() {
    let floor = signed_in(&["ana", "davi", "elena"]);
    let standard = floor.refuses(&sms("davi", CUSTOMER), Code::LicenceNotPremium);
    assert_eq!(standard.codes(), [Code::LicenceNotPremium]);
    assert_eq!(standard.primary().fact("licence"), Some(&Value::Text("standard".into())));
    let no_access = floor.refuses(&email("elena", MAIL), Code::LicenceNoDigitalAccess);
    assert_eq!(no_access.codes(), [Code::LicenceNoDigitalAccess]);
    for code in [Code::LicenceNotPremium, Code::LicenceNoDigitalAccess] {
        floor.passes(&sms("ana", CUSTOMER), code);
    }
}

#[test]
fn r03_a_licence_that_is_raised_counts_at_once() {
    let floor = signed_in(&["davi"]);
    floor.refused(&sms("davi", CUSTOMER));
    floor.change(|setup| {
        let davi = setup.agents.iter_mut().find(|agent| agent.id == id("davi")).unwrap();
        davi.licence = Licence::Premium;
    });
    floor.ok(&sms("davi", CUSTOMER));
}

#[test]
fn r04_the_organization_has_enabled_digital_channels() {
    let analogue = Floor::with(|setup| setup.organization.digital_channels = false);
    analogue.sign_in(&["ana"]);
    for start in [sms("ana", CUSTOMER), email("ana", MAIL)] {
        let refusals = analogue.refuses(&start, Code::OrganizationNotDigital);
        assert_eq!(refusals.primary().retry(), Retry::WhenSetUpChanges);
    }
    signed_in(&["ana"]).passes(&sms("ana", CUSTOMER), Code::OrganizationNotDigital);
}

#[test]
fn r05_an_absent_profile_and_a_limit_of_zero_are_different_refusals() {
    let floor = signed_in(&["gil"]);
    floor.sign_in_to("fabio", "bare");
    let absent = floor.refuses(&sms("fabio", CUSTOMER), Code::ProfileAbsent);
    assert_eq!(absent.codes(), [Code::ProfileAbsent], "an absent profile limits nothing, and is no limit of 0");
    let zero = floor.refuses(&sms("gil", CUSTOMER), Code::ProfileChannelNotAllowed);
    assert_eq!(zero.codes(), [Code::ProfileChannelNotAllowed], "nor is a limit of 0 a full profile");
    assert_eq!(zero.primary().fact("class"), Some(&Value::Class(MediaClass::Social)));
    for code in [Code::ProfileAbsent, Code::ProfileChannelNotAllowed] {
        floor.passes(&email("gil", MAIL), code);
    }
}

/// How many conversations the agent can start in a row.
fn starts_in_a_row(floor: &Floor, agent: &str) -> u64 {
    let numbers = (0..).map(|nth| format!("+3519123456{nth:02}"));
    numbers.take_while(|number| floor.run(&sms(agent, number)).is_ok()).count() as u64
}

#[test]
fn r05_the_profile_is_the_agents_then_the_teams_then_the_sites() {
    for (agent, team, limit) in [("iris", "care", 1), ("bruno", "sales", 2), ("bruno", "care", 3)] {
        let floor = Floor::with(|setup| {
            setup.teams.iter_mut().find(|team| team.id == id("sales")).unwrap().site = id("lisbon");
        });
        floor.sign_in_to(agent, team);
        assert_eq!(starts_in_a_row(&floor, agent), limit, "{agent} in {team}");
    }
}

#[test]
fn r06_idle_is_refused_and_available_is_not() {
    let floor = signed_in(&["ana"]);
    floor.passes(&sms("ana", CUSTOMER), Code::AgentIdle);
    floor.set_idle("ana");
    let refusals = floor.refuses(&sms("ana", CUSTOMER), Code::AgentIdle);
    assert_eq!(refusals.codes(), [Code::AgentIdle]);
    assert_eq!(refusals.primary().fact("reason"), Some(&Value::Text("lunch".into())));
    assert_eq!(refusals.primary().category(), Category::WrongState);
}

#[test]
fn r06_an_agent_in_rona_may_start_and_stays_in_rona() {
    let floor = signed_in(&["ana", "bruno"]);
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    let (conversation, events) = floor.events_of(|| floor.start_sms("bruno", CUSTOMER));
    assert_eq!(floor.state("bruno"), State::Rona);
    assert!(!events.contains(&"state_set"));
    assert_eq!(floor.conversation(conversation).state().agent(), Some(&id("bruno")));
}

#[test]
fn r06_an_agent_who_declined_is_idle_and_may_not_start() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", "+351910000009");
    let offer = floor.transfer("ana", conversation, "bruno").offer;
    floor.ok(&Decline { agent: id("bruno"), conversation, offer });
    let refusals = floor.refuses(&sms("bruno", CUSTOMER), Code::AgentIdle);
    assert_eq!(refusals.primary().fact("reason"), Some(&Value::Text("declined".into())));
}

#[test]
fn r07_work_elsewhere_does_not_matter_whatever_the_blending_mode() {
    let floor = signed_in(&["ana", "carla"]);
    floor.sign_in_to("julia", "sales");
    for agent in ["ana", "carla", "julia"] {
        floor.ok(&offered_interaction(agent, MediaClass::Voice));
    }
    for (nth, agent) in ["ana", "carla", "julia"].iter().enumerate() {
        floor.ok(&sms(agent, &format!("+35191234567{nth}")));
        floor.ok(&email(agent, &format!("c{nth}@customer.example")));
    }
    assert_eq!(floor.presence("carla").slots().len(), 3, "exclusive, on a call, and started twice");
}

#[test]
fn r07_only_the_slots_of_the_channels_own_class_limit_a_start() {
    let floor = signed_in(&["iris"]);
    floor.ok(&offered_interaction("iris", MediaClass::Voice));
    let mut self_started = offered_interaction("iris", MediaClass::Email);
    self_started.how = InteractionHow::SelfStarted;
    floor.ok(&self_started);
    floor.refuses(&email("iris", MAIL), Code::CapacityFull);
    floor.ok(&sms("iris", CUSTOMER));
}

#[test]
fn r08_an_agent_who_is_unknown_or_signed_out_may_not_start() {
    let floor = Floor::new();
    let unknown = floor.refuses(&sms("nobody", CUSTOMER), Code::AgentUnknown);
    assert_eq!(unknown.primary().category().http_status(), 404);
    let signed_out = floor.refuses(&sms("ana", CUSTOMER), Code::AgentSignedOut);
    assert_eq!(signed_out.codes(), [Code::AgentSignedOut], "a profile that is not known yet is no reason");
    floor.sign_in(&["ana"]);
    for code in [Code::AgentUnknown, Code::AgentSignedOut] {
        floor.passes(&sms("ana", CUSTOMER), code);
    }
}

#[test]
fn r08_signing_out_ends_what_signing_in_allowed() {
    let floor = signed_in(&["ana"]);
    floor.ok(&SignOut { agent: id("ana"), unfinished: Unfinished::default() });
    floor.refuses(&sms("ana", CUSTOMER), Code::AgentSignedOut);
}

#[test]
fn r10_everything_about_a_start_belongs_to_its_one_channel() {
    let floor = signed_in(&["ana"]);
    let mixed = StartOutbound { channel: Channel::Email, ..sms("ana", CUSTOMER) };
    let refusals = floor.refused(&mixed);
    assert_eq!(refusals.codes(), [Code::EntryPointOtherChannel, Code::AddressNotAnEmail]);
    let conversation = floor.start_email("ana", MAIL);
    assert_eq!(floor.conversation(conversation).channel(), Channel::Email);
    assert_eq!(floor.presence("ana").slots()[0].class, MediaClass::Email);
}

/// A floor on which almost everything is wrong for Davi.
fn everything_wrong() -> Floor {
    let floor = Floor::with(|setup| {
        setup.organization.digital_channels = false;
        let davi = setup.agents.iter_mut().find(|agent| agent.id == id("davi")).unwrap();
        davi.digital_access = false;
        davi.profile = Some(id("no_sms"));
    });
    floor.ok(&SignIn { agent: id("davi"), team: id("care"), state: ChosenState::Idle(id("lunch")) });
    floor
}

#[test]
fn r13_all_reasons_are_given_in_the_order_of_the_catalogue() {
    let floor = everything_wrong();
    let start = StartOutbound { entry_point: id("sms_old"), ..sms("davi", "912345678") };
    let refusals = floor.refused(&start);
    let expected = [
        (Code::LicenceNotPremium, 403),
        (Code::LicenceNoDigitalAccess, 403),
        (Code::OrganizationNotDigital, 403),
        (Code::AgentIdle, 409),
        (Code::ProfileChannelNotAllowed, 403),
        (Code::EntryPointDisabled, 403),
        (Code::AddressNoCountryCode, 422),
    ];
    let found: Vec<_> = refusals.iter().map(|it| (it.code().clone(), it.category().http_status())).collect();
    assert_eq!(found, expected);
    assert_eq!(refusals.primary().code(), &Code::LicenceNotPremium);
    assert!(Code::ALL.is_sorted(), "the order of the catalogue is the order of the codes");
}

#[test]
fn r13_reasons_about_the_customer_stand_behind_those_about_the_agent() {
    let floor = signed_in(&["ana", "bruno"]);
    let held = floor.ok(&StartOutbound { customer: Some(id("rui")), ..sms("ana", CUSTOMER) });
    floor.set_idle("bruno");
    let start = StartOutbound { customer: Some(id("somebody")), ..sms("bruno", CUSTOMER) };
    let refusals = floor.refused(&start);
    assert_eq!(refusals.codes(), [Code::AgentIdle, Code::CustomerMismatch, Code::ConversationExists]);
    assert_eq!(refusals.find(&Code::ConversationExists).unwrap().conversation(), Some(held.conversation));
}

#[test]
fn r13_a_reason_that_ends_the_checks_takes_its_place_too() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let park = Park { agent: id("ana"), conversation, until: floor.now(), queue: Some(id("nowhere")) };
    assert_eq!(floor.refused(&park).codes(), [Code::QueueUnknown, Code::ParkingNotAllowed]);
}

#[test]
fn r13_a_code_is_a_stable_text_with_its_rule() {
    let floor = everything_wrong();
    let written = serde_json::to_value(floor.refused(&sms("davi", CUSTOMER))).unwrap();
    assert_eq!(written[0]["code"], "licence.not_premium");
    assert_eq!(written[0]["facts"][0]["name"], "agent");
    assert_eq!(Code::LicenceNotPremium.rule().to_string(), "R3");
}

#[test]
fn r18_r19_a_start_is_offered_and_accepted_in_one_commit() {
    let floor = signed_in(&["ana"]);
    let before = floor.events().len();
    let command = floor.id();
    let started = floor.run_as(command, &sms("ana", CUSTOMER)).unwrap();
    let events = floor.events().split_off(before);
    let names: Vec<_> = events.iter().map(|it| it.event.name()).collect();
    assert_eq!(names, ["opened", "offered", "accepted", "contact_made", "thread_opened", "slot_taken"]);
    let ordinals: Vec<_> = events.iter().map(|it| (it.command, it.ordinal)).collect();
    assert_eq!(ordinals, (0..6).map(|nth| (command, nth)).collect::<Vec<_>>(), "one command, one commit");

    let conversation = floor.conversation(started.conversation);
    assert_eq!(conversation.task().id, started.task);
    assert_eq!(conversation.state(), &TaskState::Active { agent: id("ana"), since: floor.now(), asked: None });
    let slots = floor.presence("ana").slots().to_vec();
    assert_eq!(slots.len(), 1);
    assert!(slots[0].outbound);
    assert_eq!(slots[0].occupant, Occupant::Task { conversation: started.conversation });
}

#[test]
fn r19_only_the_initiators_own_untransferred_task_is_accepted_by_itself() {
    let floor = signed_in(&["ana", "bruno", "carla"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let offer = floor.transfer("ana", conversation, "bruno").offer;
    assert!(matches!(floor.conversation(conversation).state(), TaskState::Frozen { .. }), "asked, not given");
    floor.accept("bruno", conversation, offer);
    floor.transfer("bruno", conversation, "carla");
    assert!(matches!(floor.conversation(conversation).state(), TaskState::Frozen { .. }));
}

/// A store whose next commits go wrong, with or without the changes being made.
struct Shaky {
    store: MemoryStore,
    answer: fn() -> CommitError<std::io::Error>,
    changes_are_made: bool,
    times: AtomicU32,
}

impl Store for Shaky {
    type Error = std::io::Error;

    fn load(&self, reads: &Reads) -> Result<Loaded, Self::Error> {
        Ok(self.store.load(reads).unwrap())
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Self::Error>> {
        let wrong = self.times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if !wrong || self.changes_are_made {
            self.store.commit(changes).map_err(|_| CommitError::Conflict)?;
        }
        if wrong { Err((self.answer)()) } else { Ok(()) }
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Self::Error> {
        Ok(self.store.events(query).unwrap())
    }
}

/// A desk on which Ana is signed in, and whose store goes wrong from now on.
fn shaky(
    answer: fn() -> CommitError<std::io::Error>,
    changes_are_made: bool,
    times: u32,
) -> Desk<Shaky, Arc<outbound::port::ManualClock>> {
    let floor = signed_in(&["ana"]);
    let store = Shaky { store: MemoryStore::clone(floor.desk.store()), answer, changes_are_made, times: times.into() };
    let terms = Terms::new(Directory::new(acme()).unwrap(), ShapeOnly);
    Desk::new(store, terms, floor.clock).with_attempts(3)
}

fn broken() -> std::io::Error {
    std::io::Error::other("the disk is gone")
}

#[test]
fn r22_an_internal_error_leaves_nothing_half_done() {
    let failing = shaky(|| CommitError::Failed(broken()), false, 1);
    let contended = shaky(|| CommitError::Conflict, false, 3);
    let unknown = shaky(|| CommitError::Unknown(broken()), false, 3);
    let start = sms("ana", CUSTOMER);
    let command = command_id(start_of_time(), 77);
    assert!(matches!(failing.run(command, &start), Err(Failure::Store(_))));
    assert!(matches!(contended.run(command, &start), Err(Failure::Contention(3))));
    assert!(matches!(unknown.run(command, &start), Err(Failure::Unknown(_))));
    for desk in [failing, contended, unknown] {
        let world = desk.store().store.world();
        assert_eq!((world.conversations().count(), world.contacts().count()), (0, 0), "no task without conversation");
        assert!(world.presences().all(|presence| presence.slots().is_empty()), "no slot leaked");
        assert_eq!(desk.run(command, &start).unwrap().how, StartedHow::Opened, "and it can be asked again");
    }
}

#[test]
fn r20_a_commit_whose_answer_was_lost_is_not_done_twice() {
    let desk = shaky(|| CommitError::Unknown(broken()), true, 1);
    let command = command_id(start_of_time(), 77);
    let started = desk.run(command, &sms("ana", CUSTOMER)).unwrap();
    let world = desk.store().store.world();
    assert_eq!(world.conversations().map(|it| it.id()).collect::<Vec<_>>(), [started.conversation]);
    assert_eq!(world.presences().map(|it| it.slots().len()).sum::<usize>(), 1);
}

#[test]
fn r21_a_failure_says_that_a_conversation_exists() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let failure = floor.run(&sms("bruno", CUSTOMER)).unwrap_err();
    let refusal = failure.refusal().unwrap();
    assert_eq!((refusal.code(), refusal.conversation()), (&Code::ConversationExists, Some(conversation)));
    assert_eq!(refusal.category().http_status(), 409);
}

#[test]
fn r02_a_channel_without_outbound_is_refused_for_itself_and_not_for_what_else_is_wrong() {
    let floor = signed_in(&["ana", "davi"]);
    floor.set_idle("davi");
    floor.ok(&sms("ana", CUSTOMER));
    for channel in [Channel::Voice, Channel::Chat] {
        let right = on(channel, "ana");
        let wrong = StartOutbound { entry_point: id("nowhere"), to: "nonsense".into(), ..right.clone() };
        for start in [right, wrong] {
            assert_eq!(floor.refuses(&start, Code::ChannelNotOutbound).codes(), [Code::ChannelNotOutbound]);
            let explained = floor.explain(&start);
            let unasked = [
                Code::EntryPointNoneConfigured,
                Code::EntryPointUnknown,
                Code::EntryPointOtherChannel,
                Code::EntryPointDisabled,
                Code::AddressNotANumber,
                Code::AddressNotAnEmail,
                Code::AddressOtherChannel,
                Code::ConversationExists,
            ];
            assert!(unasked.iter().all(|code| explained.check(code).is_none()), "{explained:?}");
        }
        let agents_own = [Code::LicenceNotPremium, Code::AgentIdle, Code::ChannelNotOutbound];
        assert_eq!(floor.refused(&on(channel, "davi")).codes(), agents_own, "with the agent's own reasons");
        let nobody = [Code::AgentUnknown, Code::ChannelNotOutbound];
        assert_eq!(floor.refused(&on(channel, "nobody")).codes(), nobody);
    }
}
