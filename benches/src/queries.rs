//! What a desk asks, while what there is grows and the answer does not: each should cost the same.

use chrono::TimeDelta;
use outbound::command::{Close, RouteNext, WrapUp};
use outbound::model::{Closer, ConversationId, CustomerId};
use outbound::query::{History, TransferTargets};
use outbound::record::Query;

use crate::centre::{Centre, Outcome, command_id};
use crate::inbound_sms::prepare;
use crate::measure::{Pieces, Scale};
use crate::table::{flat, subheading};

/// How long an answer is.
const PAGE: usize = 50;

/// How much more an answer may cost where there is a hundred times as much: trees are deeper, and caches are missed.
const FLAT: f64 = 2.0;

pub(crate) fn run(scale: Scale) -> Outcome {
    subheading("queries: the same answer out of ever more");
    let queues = [scale.pick(100, 1_000, 1_000), scale.pick(1_000, 100_000, 100_000)];
    let agents = [scale.pick(100, 100, 100), scale.pick(1_000, 10_000, 10_000)];
    let histories = [scale.pick(20, 20, 20), scale.pick(200, 1_000, 1_000)];
    let each = scale.pick(5, 50, 50);

    let waiting = queues.map(waiting);
    same("the first 50 tasks that wait in a queue", queues, &waiting, each, |it| {
        use outbound::engine::Reads;
        use outbound::port::Store;
        let query = Query::waiting(&"all".parse()?, PAGE);
        let found = it.desk.store().load(&Reads { keys: Vec::new(), queries: vec![query] })?;
        Ok(found.found.iter().map(|(_, entries)| entries.len()).sum())
    })?;
    same("routing the head of a queue to an agent (explained)", queues, &waiting, each, |it| {
        let route = RouteNext { queue: "all".parse()?, agent: Some(it.agent(0)?) };
        Ok(usize::from(it.desk.explain(&route)?.is_allowed()))
    })?;

    let lists = agents.map(listed);
    let targets = |search: &str, after, it: &Listed| -> Outcome<usize> {
        let search = search.to_owned();
        let question = TransferTargets { conversation: it.conversation, search, after, limit: PAGE };
        Ok(it.centre.desk.ask(&question)?.agents.len())
    };
    same("the first 50 agents to transfer to", agents, &lists, each, |it| targets("", None, it))?;
    same("the 50 agents behind the middle", agents, &lists, each, |it| {
        let middle = u32::try_from(it.centre.agents.len() / 2)?;
        targets("", Some(it.centre.agent(middle)?), it)
    })?;
    same("the one agent with a name", agents, &lists, each, |it| {
        targets("agent-77", None, it).map(|found| found.min(1))
    })?;
    same("routing to who is available the longest (explained)", agents, &lists, each.min(10), |it| {
        let route = RouteNext { queue: "all".parse()?, agent: None };
        Ok(usize::from(it.centre.desk.explain(&route)?.is_allowed()))
    })?;

    let customers = histories.map(remembered);
    same("a customer's 10 newest conversations", histories, &customers, each, |it| {
        let question = History { customer: it.customer.clone(), after: None, conversations: 10, messages: PAGE };
        Ok(it.centre.desk.ask(&question)?.len())
    })
}

/// Asks the same of all sizes in turn, and prints what each costs.
fn same<W>(
    what: &str,
    sizes: [u32; 2],
    worlds: &[Outcome<W>; 2],
    each: u32,
    ask: impl Fn(&W) -> Outcome<usize>,
) -> Outcome {
    let [Ok(small), Ok(large)] = worlds else { return Err("a world could not be made".into()) };
    let answers = (ask(small)?, ask(large)?);
    if answers.0 != answers.1 || answers.0 == 0 {
        return Err(format!("{what}: the answers differ in length: {answers:?}").into());
    }
    let (mut of_small, mut of_large) = (Pieces::default(), Pieces::default());
    for _ in 0..20 {
        let asked = |world| (0..each).filter(|_| ask(world).is_err()).count();
        crate::centre::none("questions failed", of_small.add(each, || asked(small)))?;
        crate::centre::none("questions failed", of_large.add(each, || asked(large)))?;
    }
    flat(what, sizes, [of_small.median(), of_large.median()], FLAT);
    Ok(())
}

/// A centre with so many tasks in a queue.
fn waiting(tasks: u32) -> Outcome<Centre> {
    let centre = Centre::with_agents(10)?;
    for number in 0..tasks {
        let (id, message) = prepare(number, number)?;
        centre.desk.run(id, &message)?;
    }
    Ok(centre)
}

/// A centre with so many agents, one of whom holds a conversation, and with a task that waits.
struct Listed {
    centre: Centre,
    conversation: ConversationId,
}

fn listed(agents: u32) -> Outcome<Listed> {
    let centre = Centre::with_agents(agents)?;
    let (id, start) = centre.prepare(0..1)?.into_iter().next().ok_or("a start")?;
    let conversation = centre.desk.run(id, &start)?.conversation;
    let (id, message) = prepare(1, 1)?;
    centre.desk.run(id, &message)?;
    Ok(Listed { centre, conversation })
}

/// A centre with a customer of so many conversations.
struct Remembered {
    centre: Centre,
    customer: CustomerId,
}

fn remembered(conversations: u32) -> Outcome<Remembered> {
    let centre = Centre::with_agents(1)?;
    let mut customer = None;
    for number in 0..conversations {
        let (_, start) = centre.prepare(0..1)?.into_iter().next().ok_or("a start")?;
        let started = centre.desk.run(command_id(1, number), &start)?;
        let (agent, conversation) = (start.agent, started.conversation);
        centre.desk.run(command_id(3, number), &Close { by: Closer::Agent(agent.clone()), conversation })?;
        centre.desk.run(command_id(4, number), &WrapUp { agent, conversation, reason: "none".parse()? })?;
        centre.desk.clock().advance(TimeDelta::seconds(1));
        customer = Some(started.customer);
    }
    Ok(Remembered { centre, customer: customer.ok_or("a customer")? })
}
