//! What becomes of work whose agent, queue or entry point a new directory no longer has (R16, R21, R49, B13, B15).

use chrono::TimeDelta;
use outbound::command::{
    Accept, OnConflict, Park, Rehome, RouteNext, SignOut, StartOutbound, TriggerWorkflow, Unfinished, WrapUp,
};
use outbound::desk::OtherOrganization;
use outbound::directory::{Directory, Setup};
use outbound::model::{Channel, ConversationId, Status, TaskState, Wording};
use outbound::query::{Orphan, Repair, orphans};
use outbound::record::Answered;
use outbound::refusal::Code;

use crate::support::{Floor, NUMBER, fact, id, inbound, signed_in, sms, text, to_agent, to_queue, working};

const OTHER: &str = "+351912345679";

fn without_agent(agent: &'static str) -> impl FnOnce(&mut Setup) {
    move |setup| setup.agents.retain(|it| it.id != id(agent))
}

/// The entry points of the queue get the fallback queue instead.
fn without_queue(queue: &'static str) -> impl FnOnce(&mut Setup) {
    move |setup| {
        setup.queues.retain(|it| it.id != id(queue));
        for entry_point in setup.entry_points.iter_mut().filter(|it| it.queue == id(queue)) {
            entry_point.queue = id("fallback");
        }
    }
}

fn without_entry_point(entry_point: &'static str) -> impl FnOnce(&mut Setup) {
    move |setup| setup.entry_points.retain(|it| it.id != id(entry_point))
}

fn queue_of(floor: &Floor, conversation: ConversationId) -> String {
    let TaskState::Queued { queue, .. } = floor.task(conversation) else { panic!("it is queued") };
    queue.to_string()
}

#[test]
fn r16_a_desk_takes_no_other_organizations_set_up() {
    let floor = Floor::new();
    let mut setup = floor.desk.terms().directory().setup().clone();
    setup.organization.id = id("globex");
    setup.agents.clear();
    let directory = Directory::new(setup).unwrap();
    let refused = OtherOrganization { desk: id("acme"), given: id("globex") };
    assert_eq!(floor.desk.replace_terms(floor.desk.terms().with_directory(directory.clone())), Err(refused.clone()));
    assert_eq!(floor.desk.replace_directory(directory), Err(refused));
    assert!(floor.desk.terms().directory().agent(&id::<outbound::model::AgentId>("ana")).is_some());
}

#[test]
fn r21_a_task_of_a_removed_agent_is_rehomed() {
    let (floor, conversation) = working();
    let rehome = Rehome { conversation };
    let refusals = floor.refuses(&rehome, Code::HolderPresent);
    assert_eq!(refusals.primary().conversation(), Some(conversation));
    floor.change(without_agent("ana"));
    floor.refuses(&text("ana", conversation, "hello"), Code::AgentUnknown);
    floor.passes(&rehome, Code::HolderPresent);
    floor.ok(&rehome);
    assert_eq!(queue_of(&floor, conversation), "care_queue");
    assert_eq!(floor.slots("ana"), 0);
    assert_eq!(floor.route("care_queue", None).to, id("bruno"), "and never to who is gone");
}

#[test]
fn b17_an_agent_who_is_removed_transfers_nothing_so_that_no_rule_of_the_hosts_is_passed_by() {
    let (floor, conversation) = working();
    floor.passes(&to_agent("ana", conversation, "bruno"), Code::AgentUnknown);
    floor.change(without_agent("ana"));
    floor.refuses(&to_agent("ana", conversation, "bruno"), Code::AgentUnknown);
    floor.refuses(&to_queue("ana", conversation, "care_queue"), Code::AgentUnknown);
}

#[test]
fn r21_a_frozen_task_of_a_removed_agent_frees_its_target() {
    let (floor, conversation) = working();
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.change(without_agent("ana"));
    floor.ok(&Rehome { conversation });
    assert_eq!(queue_of(&floor, conversation), "care_queue");
    assert_eq!((floor.slots("ana"), floor.slots("bruno")), (0, 0));
    let late = Accept { agent: id("bruno"), conversation, offer: offered.offer };
    floor.refuses(&late, Code::OfferNotPending);
}

#[test]
fn r21_what_is_closed_or_missing_is_not_rehomed() {
    let (floor, conversation) = working();
    floor.close("ana", conversation);
    floor.refuses(&Rehome { conversation }, Code::ConversationClosed);
    floor.refuses(&Rehome { conversation: floor.no_conversation() }, Code::ConversationUnknown);
}

#[test]
fn r08_a_removed_agent_is_signed_out_and_all_their_work_goes_back() {
    let (floor, conversation) = working();
    let closed = floor.start_sms("ana", OTHER);
    floor.close("ana", closed);
    floor.change(without_agent("ana"));
    floor.ok(&SignOut { agent: id("ana"), unfinished: Unfinished::Requeue });
    assert_eq!(queue_of(&floor, conversation), "care_queue");
    assert_eq!(floor.task(closed), TaskState::Done);
    assert_eq!(floor.slots("ana"), 0);
}

#[test]
fn r49_a_removed_target_cannot_accept() {
    let (floor, conversation) = working();
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.change(without_agent("bruno"));
    let accept = Accept { agent: id("bruno"), conversation, offer: offered.offer };
    let answered = floor.ok(&accept);
    assert!(matches!(&answered, Answered::Withdrawn(reasons) if reasons.codes() == [Code::TargetUnknown]));
    floor.send("ana", conversation, "I am back");
    floor.refuses(&to_agent("ana", conversation, "bruno"), Code::TargetUnknown);
}

#[test]
fn r49_an_offer_to_a_removed_target_lapses() {
    let (floor, conversation) = working();
    floor.transfer("ana", conversation, "bruno");
    floor.change(without_agent("bruno"));
    floor.pass(30);
    floor.send("ana", conversation, "I am back");
    assert_eq!(floor.slots("bruno"), 0);
}

#[test]
fn r50_a_removed_agent_wraps_up_by_default() {
    let (floor, conversation) = working();
    floor.close("ana", conversation);
    floor.change(without_agent("ana"));
    floor.pass(60);
    assert_eq!(floor.task(conversation), TaskState::Done);
}

#[test]
fn r21_a_task_of_a_removed_queue_keeps_its_place_in_the_next() {
    let (floor, conversation) = working();
    let since = floor.now();
    floor.ok(&to_queue("ana", conversation, "sales_queue"));
    floor.advance(100);
    floor.change(without_queue("sales_queue"));
    floor.refuses(&RouteNext { queue: id("sales_queue"), agent: None }, Code::QueueUnknown);
    floor.ok(&Rehome { conversation });
    assert_eq!(floor.task(conversation), TaskState::Queued { queue: id("care_queue"), since });
}

#[test]
fn r21_a_task_of_a_queue_that_gave_its_channel_up_is_rehomed() {
    let (floor, conversation) = working();
    let since = floor.now();
    floor.ok(&to_queue("ana", conversation, "fallback"));
    let rehome = Rehome { conversation };
    floor.refuses(&rehome, Code::HolderPresent);
    floor.change(|setup| {
        setup.organization.fallback_queue = id("care_queue");
        setup.queues[2].channels = vec![Channel::Email];
    });
    let (world, terms) = (floor.world(), floor.desk.terms());
    let found = orphans(&world, terms.directory(), floor.now(), TimeDelta::zero());
    assert_eq!(found.iter().map(Orphan::repair).collect::<Vec<_>>(), [Repair::Rehome(conversation)]);
    floor.ok(&rehome);
    assert_eq!(floor.task(conversation), TaskState::Queued { queue: id("care_queue"), since });
    // Where nothing else takes it, it stays.
    floor.change(without_entry_point("sms_care"));
    floor.change(|setup| {
        setup.entry_points.retain(|entry_point| entry_point.channel == Channel::Email);
        setup.queues[0].channels = vec![Channel::Email];
    });
    floor.refuses(&rehome, Code::HolderPresent);
}

#[test]
fn r21_an_offer_out_of_a_removed_queue_can_be_accepted_rehomed_or_lapse() {
    let offered = || {
        let floor = Floor::new();
        floor.sign_in_to("bruno", "sales");
        let conversation = floor.receive_sms("sms_sales", NUMBER, "hello").conversation;
        let offered = floor.route("sales_queue", None);
        floor.change(without_queue("sales_queue"));
        (floor, conversation, offered.offer)
    };
    let (floor, conversation, offer) = offered();
    floor.accept("bruno", conversation, offer);
    floor.send("bruno", conversation, "hello");

    let (floor, conversation, _) = offered();
    floor.ok(&Rehome { conversation });
    assert_eq!((queue_of(&floor, conversation).as_str(), floor.slots("bruno")), ("fallback", 0));

    let (floor, conversation, _) = offered();
    floor.pass(15);
    assert_eq!(queue_of(&floor, conversation), "fallback");
}

#[test]
fn b13_a_parked_task_of_a_removed_agent_and_queue_wakes_where_it_came_from() {
    let (floor, conversation) = working();
    let until = floor.now() + TimeDelta::seconds(60);
    floor.ok(&Park { agent: id("ana"), conversation, until, queue: Some(id("sales_queue")) });
    floor.change(without_queue("sales_queue"));
    floor.change(without_agent("ana"));
    floor.pass(60);
    assert_eq!(queue_of(&floor, conversation), "care_queue");
}

#[test]
fn b13_a_parked_task_wakes_to_no_queue_that_gave_its_channel_up() {
    let (floor, conversation) = working();
    let until = floor.now() + TimeDelta::seconds(60);
    floor.ok(&Park { agent: id("ana"), conversation, until, queue: Some(id("fallback")) });
    floor.set_idle("ana");
    floor.change(|setup| {
        setup.organization.fallback_queue = id("care_queue");
        setup.queues[2].channels = vec![Channel::Email];
    });
    floor.pass(60);
    assert_eq!(queue_of(&floor, conversation), "care_queue");
}

#[test]
fn r16_nothing_is_sent_or_received_at_a_removed_entry_point() {
    let (floor, conversation) = working();
    let known = inbound("sms_care", NUMBER, "in-before", "hello");
    let received = floor.ok(&known);
    let message = floor.send("ana", conversation, "on its way");
    floor.change(without_entry_point("sms_care"));
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::EntryPointUnknown);
    assert_eq!(fact(&refusals, &Code::EntryPointUnknown, "entry_point"), "sms_care");
    floor.refuses(&inbound("sms_care", NUMBER, "in-after", "hello?"), Code::EntryPointUnknown);
    assert_eq!(floor.ok(&known).message, received.message, "what was received stays received");
    floor.pump();
    assert_eq!(floor.message(message).status(), Status::Sent, "what was taken before is delivered");
}

#[test]
fn r21_a_task_of_a_removed_entry_point_moves_on_and_ends() {
    let (floor, conversation) = working();
    floor.change(without_entry_point("sms_care"));
    let offered = floor.transfer("ana", conversation, "bruno");
    floor.accept("bruno", conversation, offered.offer);
    floor.ok(&SignOut { agent: id("bruno"), unfinished: Unfinished::Requeue });
    assert_eq!(queue_of(&floor, conversation), "fallback");
    floor.pass(60);
    let offered = floor.route("fallback", None);
    floor.accept("ana", conversation, offered.offer);
    floor.close("ana", conversation);
    floor.refuses(&sms("ana", NUMBER), Code::EntryPointUnknown);
}

#[test]
fn r16_a_disabled_entry_point_goes_on_with_what_is_open_and_starts_nothing() {
    let (floor, conversation) = working();
    floor.change(|setup| setup.entry_points[0].enabled = false);
    floor.send("ana", conversation, "hello");
    assert_eq!(floor.receive_sms("sms_care", NUMBER, "hello").conversation, conversation);
    assert!(floor.receive_sms("sms_care", OTHER, "hello").opened, "customers still reach it");
    floor.close("ana", conversation);
    floor.refuses(&sms("ana", NUMBER), Code::EntryPointDisabled);
    let take = StartOutbound { on_conflict: OnConflict::TakeOver, ..sms("ana", OTHER) };
    floor.refuses(&take, Code::EntryPointDisabled);
}

#[test]
fn r16_an_entry_point_that_changed_its_channel_speaks_for_the_old_one_no_more() {
    let (floor, conversation) = working();
    floor.change(|setup| {
        setup.entry_points[0].channel = Channel::Email;
        setup.entry_points[0].sender = "help@acme.example".into();
    });
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::EntryPointOtherChannel);
    assert_eq!(fact(&refusals, &Code::EntryPointOtherChannel, "found"), "email");
}

#[test]
fn r50_the_default_is_the_one_of_the_day() {
    let (floor, conversation) = working();
    floor.close("ana", conversation);
    floor.change(|setup| {
        setup.wrap_up_reasons.retain(|reason| reason.id != id("none_given"));
        setup.organization.timings.wrap_up.default_reason = id("resolved");
    });
    let old = WrapUp { agent: id("ana"), conversation, reason: id("none_given") };
    floor.refuses(&old, Code::WrapUpReasonUnknown);
    floor.pass(60);
    let given = floor.conversation(conversation).legs()[0].wrap_up.clone().unwrap();
    assert_eq!(given.reason, id("resolved"));
}

#[test]
fn r44_a_team_that_left_a_queue_gets_no_more_of_its_tasks() {
    let (floor, conversation) = working();
    floor.ok(&to_queue("ana", conversation, "care_queue"));
    floor.change(|setup| setup.queues[0].teams = vec![id("sales")]);
    let to_bruno = RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) };
    floor.refuses(&to_bruno, Code::TargetNotInQueue);
    floor.refuses(&RouteNext { agent: None, ..to_bruno }, Code::QueueNoAgent);
}

#[test]
fn r44_an_agent_who_left_a_team_gets_no_more_of_its_queues_tasks() {
    let (floor, conversation) = working();
    floor.ok(&to_queue("ana", conversation, "fallback"));
    floor.change(|setup| {
        for agent in &mut setup.agents {
            agent.teams = vec![id("sales")]; // which the queue serves as well
        }
    });
    let to_bruno = RouteNext { queue: id("fallback"), agent: Some(id("bruno")) };
    floor.refuses(&to_bruno, Code::TargetNotInQueue);
    floor.refuses(&RouteNext { agent: None, ..to_bruno }, Code::QueueNoAgent);
    floor.ok(&SignOut { agent: id("bruno"), unfinished: Unfinished::Refuse });
    floor.sign_in_to("bruno", "sales");
    assert_eq!(floor.route("fallback", None).to, id("bruno"), "signed in to a team of theirs");
}

#[test]
fn r05_a_team_that_was_left_keeps_its_profile_and_one_that_is_gone_has_none() {
    let floor = signed_in(&["bruno"]);
    floor.change(|setup| {
        for agent in &mut setup.agents {
            agent.teams = vec![id("sales")];
        }
    });
    floor.passes(&sms("bruno", OTHER), Code::ProfileAbsent);
    floor.change(|setup| {
        setup.teams.retain(|team| team.id != id("care"));
        for queue in &mut setup.queues {
            queue.teams.retain(|team| *team != id("care"));
        }
    });
    floor.refuses(&sms("bruno", OTHER), Code::ProfileAbsent);
}

#[test]
fn r25_a_removed_template_and_workflow_are_unknown() {
    let (floor, conversation) = working();
    floor.change(|setup| {
        setup.templates.clear();
        setup.workflows.clear();
    });
    let filled = Wording::template(id("hello_sms"), [("order", "7")]);
    let send = outbound::command::SendMessage::new(id("ana"), conversation, filled);
    floor.refuses(&send, Code::TemplateUnknown);
    let workflow = TriggerWorkflow { agent: id("ana"), conversation, workflow: id("refund") };
    floor.refuses(&workflow, Code::WorkflowUnknown);
}
