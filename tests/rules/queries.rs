//! What a desk can ask: channels, entry points, an agent's overview, a customer's history (R9, R16, R39).

use chrono::TimeDelta;
use outbound::command::{
    Close, Decline, Park, RouteNext, SignOut, StartOutbound, Target, Transfer, Unfinished, Wake, WrapUp,
};
use outbound::model::{By, Channel, ConversationId, CustomerId, MediaClass, Occupant, Origin, Subject, TaskState};
use outbound::port::Failure;
use outbound::query::{
    ChannelAnswer, Channels, ConversationSummary, EntryPoints, History, MAX_HISTORY, Overview, OverviewAnswer, Parked,
    Queued, TaskSummary, Transcript, WaitingAnswer,
};
use outbound::record::Cursor;
use outbound::refusal::{Code, Retry, Value};

use crate::day::round_trip;
use crate::support::{Floor, email, id, inbound, offered_interaction, signed_in, sms, text};

const CUSTOMER: &str = "+351912345678";
const OTHER: &str = "+351912345679";

fn channels(floor: &Floor, agent: &str) -> Vec<ChannelAnswer> {
    floor.desk.ask(&Channels { agent: id(agent) }).unwrap()
}

fn channel(floor: &Floor, agent: &str, channel: Channel) -> ChannelAnswer {
    channels(floor, agent).into_iter().find(|answer| answer.channel == channel).unwrap()
}

fn why_not(floor: &Floor, agent: &str, of: Channel) -> Vec<Code> {
    channel(floor, agent, of).refusals.map(|refusals| refusals.codes()).unwrap_or_default()
}

#[test]
fn r09_an_agent_is_shown_the_channels_they_can_use() {
    let floor = signed_in(&["ana"]);
    let answers = channels(&floor, "ana");
    let allowed: Vec<_> = answers.iter().map(|answer| (answer.channel, answer.is_allowed())).collect();
    let expected = [(Channel::Sms, true), (Channel::Email, true), (Channel::Voice, false), (Channel::Chat, false)];
    assert!(expected.iter().all(|answer| allowed.contains(answer)) && allowed.len() == 4, "{allowed:?}");
    for never in [Channel::Voice, Channel::Chat] {
        assert_eq!(why_not(&floor, "ana", never), [Code::ChannelNotOutbound], "nor is an entry point missed there");
    }
}

#[test]
fn r09_every_reason_why_not_is_shown_for_each_channel() {
    let floor = Floor::with(|setup| {
        setup.organization.digital_channels = false;
        setup.entry_points.retain(|entry_point| entry_point.channel != Channel::Email);
        setup.agents.iter_mut().find(|agent| agent.id == id("davi")).unwrap().profile = Some(id("no_sms"));
    });
    floor.sign_in(&["davi"]);
    floor.set_idle("davi");
    let agent = [Code::LicenceNotPremium, Code::OrganizationNotDigital, Code::AgentIdle];
    let on_sms = [&agent[..], &[Code::ProfileChannelNotAllowed]].concat();
    let on_email = [&agent[..], &[Code::EntryPointNoneConfigured]].concat();
    assert_eq!(why_not(&floor, "davi", Channel::Sms), on_sms);
    assert_eq!(why_not(&floor, "davi", Channel::Email), on_email);
    round_trip(&channels(&floor, "davi"));
}

#[test]
fn r09_slots_are_counted_per_channel() {
    let floor = signed_in(&["iris"]);
    let conversation = floor.start_sms("iris", CUSTOMER);
    floor.close("iris", conversation);
    let sms = channel(&floor, "iris", Channel::Sms).refusals.unwrap();
    assert_eq!((sms.primary().count("used"), sms.primary().count("limit")), (Some(1), Some(1)));
    assert_eq!(sms.primary().retry(), Retry::At(floor.now() + TimeDelta::seconds(60)));
    assert!(channel(&floor, "iris", Channel::Email).is_allowed());
}

#[test]
fn r09_who_is_signed_out_sees_why_and_who_is_unknown_gets_no_list() {
    let floor = Floor::new();
    assert_eq!(why_not(&floor, "ana", Channel::Sms), [Code::AgentSignedOut]);
    let failure = floor.desk.ask(&Channels { agent: id("nobody") }).unwrap_err();
    assert_eq!(failure.refusal().unwrap().code(), &Code::AgentUnknown);
}

#[test]
fn r09_what_is_shown_is_what_a_start_would_find() {
    let floor = signed_in(&["ana", "bruno", "carla", "davi", "elena", "gil", "iris"]);
    floor.bring_into_rona("bruno", "ana", "+351910000009");
    floor.set_idle("carla");
    floor.start_sms("iris", CUSTOMER);
    for agent in ["ana", "bruno", "carla", "davi", "elena", "gil", "hugo", "iris"] {
        for start in [sms(agent, OTHER), email(agent, "rui@customer.example")] {
            let shown = channel(&floor, agent, start.channel);
            assert_eq!(shown.is_allowed(), floor.explain(&start).is_allowed(), "{agent} on {}", start.channel);
        }
    }
}

#[test]
fn r16_the_entry_points_of_a_channel_are_listed_by_name() {
    let floor = Floor::new();
    let list = |channel| floor.desk.ask(&EntryPoints { channel }).unwrap();
    let listed: Vec<_> = list(Channel::Sms).into_iter().map(|it| (it.name, it.sender, it.enabled)).collect();
    let entry = |name: &str, last: u8, enabled| (name.to_owned(), format!("+35191000000{last}"), enabled);
    assert_eq!(listed, [entry("Care SMS", 1, true), entry("Old SMS", 3, false), entry("Sales SMS", 2, true)]);
    let mail: Vec<_> = list(Channel::Email).into_iter().map(|it| it.id).collect();
    assert_eq!(mail, [id("mail_care")]);
    assert_eq!((list(Channel::Voice), list(Channel::Chat)), (vec![], vec![]));
}

fn overview(floor: &Floor, agent: &str) -> OverviewAnswer {
    let answer = floor.desk.ask(&Overview { agent: id(agent) }).unwrap();
    round_trip(&answer);
    answer
}

#[test]
fn r12_an_overview_shows_every_slot_and_what_it_is_held_for() {
    let floor = signed_in(&["ana", "bruno"]);
    let frozen = floor.start_sms("ana", CUSTOMER);
    floor.ok(&offered_interaction("ana", MediaClass::Voice));
    let closed = floor.start_email("ana", "rui@customer.example");
    floor.close("ana", closed);
    let offer = floor.transfer("ana", frozen, "bruno").offer;

    let ana = overview(&floor, "ana");
    assert_eq!(ana.presence.unwrap().slots().len(), 3, "the call among them");
    let tasks: Vec<_> =
        ana.tasks.iter().map(|it| (it.task.conversation, it.task.channel, it.task.state.as_str())).collect();
    assert_eq!(tasks, [(frozen, Channel::Sms, "frozen"), (closed, Channel::Email, "wrap_up")]);
    assert!(matches!(ana.tasks[1].occupant, Occupant::WrapUp { .. }));
    let bruno = overview(&floor, "bruno");
    assert_eq!(bruno.tasks[0].occupant, Occupant::Offer { conversation: frozen, offer });
    assert_eq!(bruno.tasks[0].task.customer, *floor.conversation(frozen).customer());
}

#[test]
fn r12_an_overview_names_what_a_list_of_tasks_shows() {
    let floor = signed_in(&["ana"]);
    let mail = floor.start_email("ana", "rui@customer.example");
    floor.ok(&text("ana", mail, "hello").with_subject("Your order"));
    let text = floor.start_sms("ana", CUSTOMER);
    let hi = floor.receive_sms("sms_care", CUSTOMER, "hi");

    let tasks: Vec<TaskSummary> = overview(&floor, "ana").tasks.into_iter().map(|held| held.task).collect();
    let shown: Vec<_> = tasks.iter().map(|it| (it.entry_point.as_str(), it.address.as_text(), it.total)).collect();
    assert_eq!(shown, [("mail_care", "rui@customer.example".into(), 1), ("sms_care", CUSTOMER.into(), 1)]);
    let subjects: Vec<_> = tasks.iter().map(|it| it.subject.as_ref().map(Subject::as_str)).collect();
    assert_eq!(subjects, [Some("Your order"), None]);
    let newest: Vec<_> = tasks.iter().map(|it| it.newest_inbound.map(|newest| newest.message)).collect();
    assert_eq!((newest, tasks[1].conversation), (vec![None, Some(hi.message)], text));
}

/// All pages of two, each written down and read.
fn paged(ask: impl Fn(Option<Cursor>) -> WaitingAnswer) -> Vec<ConversationId> {
    let (mut after, mut waiting) = (None, Vec::new());
    loop {
        let page = ask(after);
        round_trip(&page);
        assert!(page.tasks.len() <= 2 && (page.tasks.len() == 2 || page.next.is_none()), "{page:?}");
        waiting.extend(page.tasks.iter().map(|task| task.conversation));
        after = page.next;
        if after.is_none() {
            return waiting;
        }
    }
}

#[test]
fn r44_what_waits_in_a_queue_is_listed_from_its_head_on() {
    let floor = signed_in(&["ana"]);
    let queued = |queue: &str| paged(|after| floor.desk.ask(&Queued { after, ..Queued::new(id(queue), 2) }).unwrap());
    assert_eq!(queued("care_queue"), []);
    let numbers = ["+351912345671", "+351912345672", "+351912345673", "+351912345674"];
    let mut waiting = numbers.map(|number| {
        floor.advance(1);
        floor.receive_sms("sms_care", number, "hello").conversation
    });
    assert_eq!(queued("care_queue"), waiting);
    assert_eq!((queued("sales_queue"), queued("a_queue_that_is_gone")), (vec![], vec![]));
    let first = floor.desk.ask(&Queued::new(id("care_queue"), 1)).unwrap();
    assert_eq!(first.tasks, [TaskSummary::of(&floor.conversation(waiting[0]))]);
    assert_eq!(floor.desk.ask(&Queued::new(id("care_queue"), 4)).unwrap().next, None, "that is all");

    let offered = floor.route("care_queue", Some("ana"));
    assert_eq!(offered.conversation, waiting[0]);
    assert_eq!(queued("care_queue"), waiting[1..], "what is offered waits no more");
    floor.ok(&Decline { agent: id("ana"), conversation: waiting[0], offer: offered.offer });
    waiting.sort_unstable();
    let mut again = queued("care_queue");
    again.sort_unstable();
    assert_eq!(again, waiting);
}

#[test]
fn b13_what_an_agent_has_parked_is_listed_by_when_it_wakes() {
    let floor = signed_in(&["ana", "bruno"]);
    let parked = |agent: &str| paged(|after| floor.desk.ask(&Parked { after, ..Parked::new(id(agent), 2) }).unwrap());
    let park = |agent: &str, number: &str, hours: i64| {
        let conversation = floor.start_sms(agent, number);
        let until = floor.now() + TimeDelta::hours(hours);
        floor.ok(&Park { agent: id(agent), conversation, until, queue: None });
        conversation
    };
    let late = park("ana", "+351912345671", 3);
    let soon = park("ana", "+351912345672", 1);
    let between = park("ana", "+351912345673", 2);
    let other = park("bruno", "+351912345674", 1);
    assert_eq!((parked("ana"), parked("bruno")), (vec![soon, between, late], vec![other]));
    assert_eq!(overview(&floor, "ana").tasks, [], "they hold no slot");

    floor.ok(&Wake { conversation: between });
    assert_eq!(parked("ana"), [soon, late], "one that is woken is not parked");
    floor.receive_sms("sms_care", "+351912345671", "hello?");
    assert_eq!(parked("ana"), [soon]);
    floor.ok(&SignOut { agent: id("bruno"), unfinished: Unfinished::Requeue });
    assert_eq!(parked("bruno"), [other], "whoever left finds it when they are back");
}

#[test]
fn r08_an_overview_knows_who_never_signed_in_and_who_left() {
    let floor = signed_in(&["ana"]);
    let nobody_yet = overview(&floor, "bruno");
    assert_eq!((nobody_yet.presence, nobody_yet.tasks), (None, vec![]));
    floor.ok(&SignOut { agent: id("ana"), unfinished: Unfinished::Refuse });
    assert!(overview(&floor, "ana").presence.unwrap().session().is_none());
    let unknown = floor.desk.ask(&Overview { agent: id("nobody") });
    assert!(matches!(unknown, Err(Failure::Refused(refusals)) if refusals.has(&Code::AgentUnknown)));
}

fn history(floor: &Floor, customer: &CustomerId, conversations: usize, messages: usize) -> Vec<ConversationSummary> {
    let answer = floor.desk.ask(&History::new(customer.clone(), conversations, messages)).unwrap();
    round_trip(&answer);
    answer
}

fn rui(start: StartOutbound) -> StartOutbound {
    StartOutbound { customer: Some(id("rui")), ..start }
}

#[test]
fn r39_the_history_goes_over_addresses_entry_points_and_conversations() {
    let floor = signed_in(&["ana"]);
    let first = floor.ok(&rui(sms("ana", CUSTOMER))).conversation;
    floor.send("ana", first, "hello");
    floor.receive_sms("sms_care", CUSTOMER, "hi");
    floor.close("ana", first);
    floor.ok(&WrapUp { agent: id("ana"), conversation: first, reason: id("resolved") });
    floor.advance(60);
    let mail = floor.ok(&rui(email("ana", "rui@customer.example"))).conversation;
    floor.advance(60);
    let sales = floor.receive_sms("sms_sales", CUSTOMER, "and a question for sales").conversation;
    floor.advance(60);
    let again = floor.receive_sms("sms_care", CUSTOMER, "one more thing").conversation;
    floor.start_sms("ana", OTHER);

    let all = history(&floor, &id("rui"), 10, 10);
    let found: Vec<_> = all.iter().map(|it| (it.id, it.previous)).collect();
    assert_eq!(found, [(again, Some(first)), (sales, None), (mail, None), (first, None)], "newest first, one customer");
    let oldest = &all[3];
    let said: Vec<_> = oldest.messages.iter().map(|it| it.content().body.expose().to_owned()).collect();
    assert_eq!(said, ["hello", "hi"]);
    assert_eq!(oldest.closed.as_ref().unwrap().by, By::Agent(id("ana")));
    assert_eq!(oldest.legs[0].wrap_up.as_ref().unwrap().reason, id("resolved"));
    assert_eq!((&oldest.origin, &all[0].origin), (&Origin::Agent(id("ana")), &Origin::Customer));
    assert_eq!((&all[1].entry_point, &oldest.state), (&id("sms_sales"), &TaskState::Done));
    let addresses: Vec<_> = all.iter().map(|it| it.address.as_text().into_owned()).collect();
    assert_eq!(addresses, [CUSTOMER, CUSTOMER, "rui@customer.example", CUSTOMER]);
}

#[test]
fn r39_the_history_is_as_long_as_it_is_asked_for() {
    let floor = signed_in(&["ana"]);
    let mut opened = Vec::new();
    for _ in 0..4 {
        let conversation = floor.ok(&rui(sms("ana", CUSTOMER))).conversation;
        for text in ["one", "two", "three"] {
            floor.send("ana", conversation, text);
        }
        floor.close("ana", conversation);
        floor.pass(61);
        opened.push(conversation);
    }
    opened.reverse();
    let short = history(&floor, &id("rui"), 2, 2);
    assert_eq!(short.iter().map(|it| it.id).collect::<Vec<_>>(), opened[..2]);
    assert_eq!(short.iter().map(|it| it.messages.len()).collect::<Vec<_>>(), [2, 2], "the oldest of each");
    let all = history(&floor, &id("rui"), 10, 10);
    assert_eq!(all.iter().map(|it| it.id).collect::<Vec<_>>(), opened, "link by link to the first");
    assert_eq!(history(&floor, &id("rui"), 0, 10), []);
    assert_eq!(history(&floor, &id("nobody"), 10, 10), []);
}

#[test]
fn r39_a_history_beyond_the_most_is_cut_and_no_fault() {
    let floor = signed_in(&[]);
    let mut newest = None;
    // By the desk alone: the floor would look at the whole world after each of them.
    for number in 0..=MAX_HISTORY {
        let received = inbound("sms_care", CUSTOMER, &format!("in-{number}"), "hi");
        let conversation = floor.desk.run(floor.id(), &received).unwrap().conversation;
        floor.desk.run(floor.id(), &Close { by: By::Host, conversation }).unwrap();
        floor.advance(1);
        newest = Some(conversation);
    }
    let customer = floor.desk.ask(&Transcript::new(newest.unwrap(), 0)).unwrap().customer;
    let all = floor.desk.ask(&History::new(customer, usize::MAX, 1)).unwrap();
    assert_eq!((all.len(), all.first().map(|it| it.id)), (MAX_HISTORY, newest));
}

#[test]
fn r39_what_comes_after_a_close_is_a_new_conversation_with_the_history_whoever_begins_it() {
    let floor = signed_in(&["ana"]);
    let first = floor.start_sms("ana", CUSTOMER);
    floor.close("ana", first);
    let second = floor.ok(&inbound("sms_care", CUSTOMER, "p1", "one more thing"));
    assert!(second.opened);
    floor.ok(&Close { by: By::Host, conversation: second.conversation });
    let third = floor.start_sms("ana", CUSTOMER);
    let links = [second.conversation, third].map(|it| floor.conversation(it).previous());
    assert_eq!(links, [Some(first), Some(second.conversation)]);
    let customer = floor.conversation(first).customer().clone();
    assert_eq!(history(&floor, &customer, 10, 10).len(), 3);
}

#[test]
fn r39_a_transferred_conversation_shows_each_agents_part() {
    let floor = signed_in(&["ana", "bruno"]);
    let conversation = floor.ok(&rui(sms("ana", CUSTOMER))).conversation;
    floor.ok(&Transfer { agent: id("ana"), conversation, to: Target::Queue(id("care_queue")) });
    let offered = floor.ok(&RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) });
    floor.accept("bruno", conversation, offered.offer);
    floor.close("bruno", conversation);
    floor.pass(61);
    let legs = history(&floor, &id("rui"), 1, 1).remove(0).legs;
    let parts: Vec<_> = legs.into_iter().map(|leg| (leg.agent, leg.wrap_up.unwrap().reason)).collect();
    assert_eq!(parts, [(id("ana"), id("none_given")), (id("bruno"), id("none_given"))]);
}

#[test]
fn r09_entry_points_that_are_all_disabled_and_none_at_all_are_different_reasons() {
    let floor = Floor::with(|setup| {
        setup.entry_points.retain(|entry_point| entry_point.channel != Channel::Email);
        setup.entry_points.iter_mut().for_each(|entry_point| entry_point.enabled = false);
    });
    floor.sign_in(&["ana"]);
    assert_eq!(why_not(&floor, "ana", Channel::Sms), [Code::EntryPointDisabled]);
    let disabled = channel(&floor, "ana", Channel::Sms).refusals.unwrap();
    assert_eq!(disabled.primary().fact("entry_point"), Some(&Value::EntryPoint(id("sms_care"))));
    assert_eq!(disabled.primary().retry(), Retry::WhenSetUpChanges);
    assert_eq!(why_not(&floor, "ana", Channel::Email), [Code::EntryPointNoneConfigured]);
    for start in [sms("ana", CUSTOMER), email("ana", "rui@customer.example")] {
        assert_eq!(floor.refused(&start).codes(), why_not(&floor, "ana", start.channel), "a start says the same");
    }
    floor.change(|setup| {
        setup.entry_points.iter_mut().filter(|it| it.id == id("sms_old")).for_each(|it| it.enabled = true)
    });
    assert_eq!(why_not(&floor, "ana", Channel::Sms), [], "one that can be picked is enough");
}

fn transcript(floor: &Floor, conversation: ConversationId, messages: usize) -> ConversationSummary {
    let answer = floor.desk.ask(&Transcript::new(conversation, messages)).unwrap();
    round_trip(&answer);
    answer
}

#[test]
fn r39_one_conversation_is_shown_with_its_messages_as_the_history_shows_it() {
    let floor = signed_in(&["ana"]);
    let first = floor.ok(&rui(sms("ana", CUSTOMER))).conversation;
    floor.send("ana", first, "hello");
    floor.receive_sms("sms_care", CUSTOMER, "hi");
    floor.send("ana", first, "goodbye");
    floor.close("ana", first);
    let mail = floor.ok(&rui(email("ana", "rui@customer.example"))).conversation;
    floor.ok(&text("ana", mail, "your order").with_subject("Your order"));
    let again = floor.receive_sms("sms_care", CUSTOMER, "one more thing").conversation;
    let empty = floor.start_sms("ana", OTHER);

    for messages in [0, 2, 10] {
        let all = history(&floor, &id("rui"), 10, messages);
        assert_eq!(all.len(), 3);
        let each: Vec<_> = all.iter().map(|it| transcript(&floor, it.id, messages)).collect();
        assert_eq!(each, all);
    }
    let said = |conversation, messages| -> Vec<String> {
        let shown = transcript(&floor, conversation, messages).messages;
        shown.iter().map(|it| it.content().body.expose().to_owned()).collect()
    };
    assert_eq!(said(first, 10), ["hello", "hi", "goodbye"]);
    assert_eq!(said(first, 2), ["hello", "hi"], "the oldest");
    assert_eq!((said(mail, 10).len(), said(again, 10).len(), said(empty, 10).len()), (1, 1, 0));
    assert_eq!(transcript(&floor, again, 0).previous, Some(first));
}

#[test]
fn r39_a_long_conversation_is_read_in_pages_that_cost_what_they_show() {
    let floor = signed_in(&["ana"]);
    let conversation = floor.start_sms("ana", CUSTOMER);
    for number in 1..=120 {
        floor.receive_sms("sms_care", CUSTOMER, &number.to_string());
    }
    let page = |after: Option<u32>, messages| {
        let question = Transcript { after, ..Transcript::new(conversation, messages) };
        let mut shown = None;
        let cost = floor.desk.store().asked_by(|| shown = Some(floor.desk.ask(&question).unwrap()));
        let shown = shown.unwrap();
        round_trip(&shown);
        let numbers: Vec<_> = shown.messages.iter().map(|it| it.draft().number).collect();
        let said: Vec<_> = shown.messages.iter().map(|it| it.content().body.expose().parse::<u32>().unwrap()).collect();
        assert_eq!((numbers.clone(), shown.total), (said, 120));
        (numbers, cost)
    };
    let (first, of_first) = page(None, 50);
    let (second, of_second) = page(Some(50), 50);
    assert_eq!((first, second), ((1..=50).collect(), (51..=100).collect()));
    assert_eq!(of_first, of_second, "a page costs the same wherever it is");
    assert_eq!(page(Some(100), 50).0, (101..=120).collect::<Vec<_>>());
    assert_eq!(page(Some(120 - 5), 5).0, [116, 117, 118, 119, 120], "the newest");
    assert_eq!((page(Some(120), 5).0, page(Some(u32::MAX), 5).0), (vec![], vec![]));
    assert_eq!(page(Some(0), 2).0, [1, 2]);
    let pages = |after: u32| page(Some(after), 7).0;
    let all = std::iter::successors(Some(pages(0)), |last| last.last().map(|last| pages(*last)));
    assert_eq!(all.flatten().collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>());
}

#[test]
fn r39_a_conversation_that_does_not_exist_is_not_shown() {
    let floor = signed_in(&["ana"]);
    let unknown = Transcript::new(floor.no_conversation(), 10);
    let failure = floor.desk.ask(&unknown).unwrap_err();
    assert_eq!(failure.refusals().unwrap().codes(), [Code::ConversationUnknown]);
    round_trip(&unknown);
}
