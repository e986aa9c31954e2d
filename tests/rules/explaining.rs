//! Every command can be explained before it is run: each check, its numbers, what would make it pass and when (B3).

use std::fmt::Debug;

use chrono::TimeDelta;
use outbound::command::{
    AnswerHandover, CancelTransfer, Close, Conference, EndInteraction, ExtendWrapUp, OnConflict, Park, Rehome,
    RouteNext, SendMessage, SignIn, SignOut, StartOutbound, Target, Transfer, Unfinished, Wake, WrapUp,
};
use outbound::engine::{Command, Context, Explanation, Loaded, Next, Run, Stop, Verdict, View};
use outbound::model::{By, Channel, ChosenState, Key, MediaClass, OfferId, Wording};
use outbound::policy::Check;
use outbound::port::{Failure, Store};
use outbound::refusal::{Code, Fact, Language, Retry, Value};
use serde_json::json;

use crate::day::round_trip;
use crate::support::{Floor, ask_holder, email, id, offered_interaction, signed_in, sms, take_over, to_agent};

const CUSTOMER: &str = "+351912345678";
const OTHER: &str = "+351912345679";

fn check(explained: &Explanation, code: &Code) -> Check {
    explained.check(code).unwrap_or_else(|| panic!("{code}")).clone()
}

fn count(check: &Check, name: &str) -> Option<Value> {
    check.facts().iter().find(|fact| fact.name() == name).map(Fact::value).cloned()
}

#[test]
fn b03_a_client_that_reads_a_check_sees_no_refusal_in_one_that_holds() {
    let explained = signed_in(&["ana"]).explain(&sms("ana", CUSTOMER));
    let json = serde_json::to_value(check(&explained, &Code::CapacityFull)).unwrap();
    assert_eq!((&json["holds"], &json["refuses_with"]["code"]), (&json!(true), &json!("capacity.full")));
    assert!(json.get("refusal").is_none());
    let read: Explanation = serde_json::from_value(serde_json::to_value(&explained).unwrap()).unwrap();
    assert_eq!(read, explained);
}

#[test]
fn b03_every_check_of_a_start_is_explained_though_all_of_them_hold() {
    let explained = signed_in(&["ana"]).explain(&sms("ana", CUSTOMER));
    assert!(explained.is_allowed());
    assert!(explained.checks.iter().all(Check::holds));
    let codes: Vec<_> = explained.checks.iter().map(|it| it.code().clone()).collect();
    let expected = [
        Code::AgentUnknown,
        Code::LicenceNotPremium,
        Code::LicenceNoDigitalAccess,
        Code::OrganizationNotDigital,
        Code::AgentSignedOut,
        Code::AgentIdle,
        Code::ChannelNotOutbound,
        Code::ProfileAbsent,
        Code::ProfileChannelNotAllowed,
        Code::CapacityFull,
        Code::CapacityOutboundFull,
        Code::EntryPointNoneConfigured,
        Code::EntryPointUnknown,
        Code::EntryPointOtherChannel,
        Code::EntryPointDisabled,
        Code::AddressNoCountryCode,
        Code::AddressNotANumber,
        Code::AddressNumberNotValid,
        Code::AddressCannotReceiveSms,
        Code::AddressOtherChannel,
        Code::ConsentOptedOut,
        Code::ConsentSuppressed,
        Code::ConversationExists,
    ];
    assert_eq!(codes, expected);
}

#[test]
fn b03_a_check_that_holds_has_its_numbers_as_well() {
    let floor = signed_in(&["ana"]);
    floor.start_sms("ana", CUSTOMER);
    let explained = floor.explain(&sms("ana", OTHER));
    for (code, limit) in [(Code::CapacityFull, 5), (Code::CapacityOutboundFull, 2)] {
        let check = check(&explained, &code);
        assert_eq!((count(&check, "used"), count(&check, "limit")), (Some(Value::Count(1)), Some(Value::Count(limit))));
        assert_eq!((check.retry(), check.remedy(Language::English)), (None, None), "nothing is to be remedied");
    }
}

#[test]
fn b03_what_fails_stands_among_what_holds_with_its_remedy() {
    let floor = signed_in(&["davi"]);
    let explained = floor.explain(&sms("davi", CUSTOMER));
    let failing: Vec<_> = explained.checks.iter().filter(|it| !it.holds()).collect();
    assert_eq!(failing.len(), 1);
    assert_eq!((failing[0].code(), failing[0].rule().to_string()), (&Code::LicenceNotPremium, "R3".into()));
    assert_eq!(failing[0].retry(), Some(Retry::WhenSetUpChanges));
    assert_eq!(failing[0].remedy(Language::English).unwrap(), "give the agent a premium licence");
    let Verdict::Refused(refusals) = &explained.verdict else { panic!("{explained:?}") };
    assert_eq!(Some(refusals.primary()), failing[0].refusal());
    round_trip(&explained);
}

#[test]
fn b03_what_stands_on_a_missing_record_is_not_reached() {
    let explained = signed_in(&["ana"]).explain(&sms("ana", "nonsense"));
    assert!(!check(&explained, &Code::AddressNotANumber).holds());
    assert_eq!(explained.check(&Code::ConversationExists), None);
}

#[test]
fn b03_a_wrap_up_tells_when_its_slot_is_free_and_keeps_its_word() {
    let floor = signed_in(&["iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    floor.close("iris", conversation);
    let start = sms("iris", OTHER);
    let Some(Retry::At(free)) = check(&floor.explain(&start), &Code::CapacityFull).retry() else { panic!("a time") };
    floor.pass((free - floor.now()).num_seconds() - 1);
    assert!(!floor.explain(&start).is_allowed());
    floor.pass(1);
    assert!(floor.explain(&start).is_allowed(), "at that time, and not before");
}

#[test]
fn b03_a_wrap_up_is_told_only_where_its_slot_is_the_one_that_lacks() {
    let inbound_wraps_up = |floor: &Floor| {
        let conversation = floor.receive_sms("sms_care", "+351910000009", "hi").conversation;
        let offer = floor.route("care_queue", Some("ana")).offer;
        floor.accept("ana", conversation, offer);
        floor.close("ana", conversation);
    };
    let retry = |floor: &Floor, code| check(&floor.explain(&sms("ana", "+351910000008")), &code).retry();
    let changed = Some(Retry::WhenChanged(Key::presence(&id("ana"))));

    // Two of two outbound tasks are at work; what is wrapped up came in.
    let floor = signed_in(&["ana"]);
    floor.start_sms("ana", CUSTOMER);
    floor.start_sms("ana", OTHER);
    inbound_wraps_up(&floor);
    assert_eq!(retry(&floor, Code::CapacityOutboundFull), changed);

    // The limit was lowered: it takes both wrap-ups to begin another.
    let floor = signed_in(&["ana"]);
    let [first, second] = [CUSTOMER, OTHER].map(|to| floor.start_sms("ana", to));
    floor.change(|setup| setup.agents[0].profile = Some(id("narrow")));
    floor.close("ana", first);
    assert_eq!(retry(&floor, Code::CapacityFull), changed);
    floor.pass(10);
    floor.close("ana", second);
    let free = floor.now() + TimeDelta::seconds(60);
    assert_eq!(retry(&floor, Code::CapacityFull), Some(Retry::At(free)));
    floor.pass(59);
    assert!(!floor.explain(&sms("ana", "+351910000008")).is_allowed());
    floor.pass(1);
    assert!(floor.explain(&sms("ana", "+351910000008")).is_allowed());
}

#[test]
fn b03_what_waits_for_a_change_passes_once_that_record_changed() {
    let floor = signed_in(&["ana", "iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    let retry = |command: &StartOutbound, code| check(&floor.explain(command), &code).retry();
    let (busy, taken) = (sms("iris", OTHER), sms("ana", CUSTOMER));
    assert_eq!(retry(&busy, Code::CapacityFull), Some(Retry::WhenChanged(floor.presence("iris").key())));
    let record = floor.conversation(conversation).key();
    assert_eq!(retry(&taken, Code::ConversationExists), Some(Retry::WhenChanged(record)));
    floor.close("iris", conversation);
    assert!(floor.explain(&taken).is_allowed());
}

#[test]
fn b03_what_is_not_so_yet_is_not_refused_for_ever() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    let (agent, at) = (id("ana"), Retry::WhenChanged(Key::conversation(conversation)));
    let slot = Retry::WhenChanged(floor.presence("ana").key());
    let by_host = Close { by: By::Host, conversation };
    assert_eq!(floor.refused(&by_host).primary().retry(), at);
    let in_again = SignIn { agent: id("ana"), team: id("care"), state: ChosenState::Available };
    assert_eq!(floor.refused(&in_again).primary().retry(), slot);
    let call = EndInteraction { agent: id("ana"), interaction: id("voice") };
    assert_eq!(floor.refused(&call).primary().retry(), slot);
    let reason = WrapUp { agent: id("ana"), conversation, reason: id("resolved") };
    assert_eq!(floor.refused(&reason).primary().retry(), slot);
    assert_eq!(floor.refused(&CancelTransfer { agent, conversation }).primary().retry(), at);
    assert_eq!(floor.refused(&Wake { conversation }).primary().retry(), at);
    assert_eq!(floor.refused(&Rehome { conversation }).primary().retry(), Retry::WhenSetUpChanges);
    floor.change(|setup| setup.organization.max_transfers = 0);
    assert_eq!(floor.refused(&to_agent("ana", conversation, "bruno")).primary().retry(), Retry::WhenSetUpChanges);
    floor.close("ana", conversation);
    let more = ExtendWrapUp { agent: id("ana"), conversation };
    floor.ok(&more);
    assert_eq!(floor.refused(&more).primary().retry(), slot);
    floor.ok(&reason);
}

#[test]
fn b03_other_retries_are_told_too() {
    let floor = signed_in(&["ana", "bruno"]);
    let retry = |command: &StartOutbound, code| check(&floor.explain(command), &code).retry();
    assert_eq!(retry(&sms("ana", "912"), Code::AddressNoCountryCode), Some(Retry::WithOtherInput));
    let voice = StartOutbound { channel: Channel::Voice, ..sms("ana", CUSTOMER) };
    assert_eq!(retry(&voice, Code::ChannelNotOutbound), Some(Retry::Never));
    floor.start_sms("ana", CUSTOMER);
    floor.ok(&ask_holder("bruno", CUSTOMER));
    floor.sign_in(&["carla"]);
    let lapses = floor.now() + TimeDelta::seconds(45);
    assert_eq!(retry(&ask_holder("carla", CUSTOMER), Code::HandoverPending), Some(Retry::At(lapses)));
}

/// What is explained is what happens; explaining changes nothing.
fn agrees<C: Command>(floor: &Floor, command: &C) -> bool
where
    C::Output: Debug,
{
    let before = (floor.world(), floor.events().len());
    let explained = floor.explain(command);
    assert_eq!((floor.world(), floor.events().len()), before, "explaining changes nothing");
    let failing: Vec<_> = explained.checks.iter().filter(|it| !it.holds()).map(|it| it.code().clone()).collect();
    match (explained.verdict, floor.run(command)) {
        (Verdict::Allowed, Ok(_)) => assert!(failing.is_empty(), "{command:?}: {failing:?}"),
        (Verdict::Refused(told), Err(Failure::Refused(found))) => {
            assert_eq!(told, *found);
            assert!(failing.iter().all(|code| told.has(code)) && failing.len() == told.codes().len(), "{command:?}");
            return false;
        }
        (told, done) => panic!("{command:?}: explained {told:?}, but {done:?}"),
    }
    true
}

/// A floor at work: Ana holds, Bruno is asked, Carla calls, Davi may not, Gil is idle, Iris is full.
fn busy() -> (Floor, outbound::model::ConversationId) {
    let floor = signed_in(&["ana", "bruno", "carla", "davi", "gil", "iris"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    floor.transfer("ana", conversation, "bruno");
    floor.ok(&offered_interaction("carla", MediaClass::Voice));
    floor.set_idle("gil");
    floor.start_sms("iris", "+351910000001");
    floor.receive_sms("sms_care", OTHER, "hello?");
    (floor, conversation)
}

#[test]
fn b03_explaining_agrees_with_running_for_every_start() {
    let agents = ["ana", "bruno", "carla", "davi", "elena", "gil", "iris", "nobody"];
    let (mut allowed, mut refused) = (0, 0);
    for agent in agents {
        for to in [CUSTOMER, OTHER, "+351912345670", "nonsense"] {
            for on_conflict in [OnConflict::Refuse, OnConflict::TakeOver, OnConflict::AskHolder] {
                let (floor, _) = busy();
                let start = StartOutbound { on_conflict, ..sms(agent, to) };
                *(if agrees(&floor, &start) { &mut allowed } else { &mut refused }) += 1;
            }
            agrees(&busy().0, &email(agent, to));
        }
    }
    assert!(allowed > 5 && refused > 50, "{allowed} allowed, {refused} refused");
}

#[test]
fn b03_explaining_agrees_with_running_for_other_commands() {
    let (floor, conversation) = busy();
    let until = floor.now() + TimeDelta::hours(1);
    for agent in ["ana", "bruno", "iris", "nobody"] {
        agrees(&floor, &SendMessage::new(id(agent), conversation, Wording::text("hello")));
        agrees(&floor, &Park { agent: id(agent), conversation, until, queue: None });
        agrees(&floor, &Transfer { agent: id(agent), conversation, to: Target::Agent(id("carla")) });
        agrees(&floor, &Conference { agent: id(agent), conversation });
        let request = OfferId::of(floor.id());
        agrees(&floor, &AnswerHandover { agent: id(agent), conversation, request, give: true });
        agrees(&floor, &SignOut { agent: id(agent), unfinished: Unfinished::Refuse });
        agrees(&floor, &RouteNext { queue: id("care_queue"), agent: Some(id(agent)) });
    }
    agrees(&floor, &Close { by: By::Host, conversation });
    agrees(&floor, &take_over("carla", OTHER));
}

/// What a start asks for, in one view.
fn loaded(floor: &Floor, start: &StartOutbound) -> View {
    let terms = floor.desk.terms();
    let mut run = Run::new(&terms, floor.now(), floor.id(), start);
    let mut all = Loaded::default();
    while let Next::Load(reads) = run.step() {
        all = floor.desk.store().load(&reads).unwrap();
        run.supply(all.clone());
    }
    View::of(all)
}

#[test]
fn b03_a_host_that_has_loaded_the_records_itself_is_told_what_a_start_would_be_told() {
    let floor = signed_in(&["ana", "bruno", "davi"]);
    floor.set_idle("bruno");
    floor.ok(&sms("ana", OTHER));
    let starts = [
        sms("ana", CUSTOMER),
        email("ana", "rui@customer.example"),
        sms("ana", OTHER),
        take_over("ana", OTHER),
        ask_holder("bruno", OTHER),
        sms("davi", "nonsense"),
        sms("nobody", OTHER),
        StartOutbound { channel: Channel::Chat, ..sms("bruno", CUSTOMER) },
        StartOutbound { entry_point: id("nowhere"), ..sms("davi", OTHER) },
        sms("ana", CUSTOMER).with_customer(id("rui")),
    ];
    let terms = floor.desk.terms();
    let mut refused = 0;
    for start in &starts {
        let cx = Context::new(&terms, floor.now(), floor.id());
        let told = start.allowed(&cx, &loaded(&floor, start));
        match (told, floor.explain(start).verdict) {
            (Ok(()), Verdict::Allowed) => {}
            (Err(Stop::Refused(told)), Verdict::Refused(refusals)) => {
                refused += 1;
                assert_eq!(*told, refusals, "{start:?}");
            }
            (told, verdict) => panic!("{start:?}: {told:?} and {verdict:?}"),
        }
    }
    assert_eq!(refused, 7, "and the others are allowed");
    let start = sms("ana", CUSTOMER);
    let cx = Context::new(&terms, floor.now(), floor.id());
    assert_eq!(start.allowed(&cx, &View::default()), Err(Stop::NotLoaded), "nothing is guessed");
}
