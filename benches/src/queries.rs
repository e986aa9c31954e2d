//! What a desk asks, while what there is grows and the answer does not: each should cost the same.

use chrono::TimeDelta;
use outbound::command::{Close, RouteNext, WrapUp};
use outbound::engine::Reads;
use outbound::memory::MemoryStore;
use outbound::model::{AgentId, By, ConversationId, CustomerId};
use outbound::port::Store;
use outbound::query::{History, TransferTargets};
use outbound::record::Query;

use crate::centre::{Centre, Outcome, command_id, organization};
use crate::inbound_sms::prepare;
use crate::measure::{Pieces, Scale};
use crate::table::{flat, subheading};

/// How long an answer is.
const PAGE: usize = 50;

/// How much more an answer may cost where there is a hundred times as much: trees are deeper, and caches are missed.
const FLAT: f64 = 2.0;

/// Of how many the same is asked.
type Sizes = [u32; 3];

pub(crate) fn run(scale: Scale) -> Outcome {
    subheading("queries: the same answer out of ever more");
    let many = [1_000, 10_000, 100_000];
    let sizes = scale.pick([200, 400, 800], many, many);
    of_queues(sizes, scale.pick(5, 50, 50))?;
    of_agents(sizes, scale.pick(5, 50, 50))?;
    let histories = scale.pick([10, 20, 40], [10, 100, 1_000], [10, 100, 1_000]);
    let customers = histories.map(remembered);
    same("a customer's 10 newest conversations", histories, &customers, scale.pick(5, 50, 50), |it| {
        let question = History { customer: it.customer.clone(), after: None, conversations: 10, messages: PAGE };
        Ok(it.centre.desk.ask(&question)?.len())
    })
}

fn of_queues(sizes: Sizes, each: u32) -> Outcome {
    let waiting = sizes.map(waiting);
    same("the first 50 tasks that wait in a queue", sizes, &waiting, each, |it| {
        let query = Query::waiting(&"all".parse()?, PAGE);
        let found = it.desk.store().load(&Reads { keys: Vec::new(), queries: vec![query] })?;
        Ok(found.found.iter().map(|(_, entries)| entries.len()).sum())
    })?;
    same("routing the head of a queue to an agent (explained)", sizes, &waiting, each, |it| {
        let route = RouteNext { queue: "all".parse()?, agent: Some(it.agent(0)?) };
        Ok(usize::from(it.desk.explain(&route)?.is_allowed()))
    })
}

fn of_agents(sizes: Sizes, each: u32) -> Outcome {
    let lists = sizes.map(listed);
    same("the 50 first agents to transfer to", sizes, &lists, each, |it| it.targets("", None, PAGE))?;
    same("the 50 agents behind the middle", sizes, &lists, each, |it| {
        let middle = u32::try_from(it.centre.agents.len() / 2)?;
        it.targets("", Some(it.centre.agent(middle)?), PAGE)
    })?;
    let searches = [
        ("the one agent with a name", "zoe quintanilha", PAGE, 1),
        ("the first of a thousandth with a name", "ilse", 1, 1),
        ("the 50 first of a third with a name", "MARIA", PAGE, PAGE),
        ("the 50 first of all, by a letter", "a", PAGE, PAGE),
        ("nobody, by a name", "xantippe", PAGE, 0),
        ("nobody, by a letter", "y", PAGE, 0),
    ];
    for (what, search, limit, expected) in searches {
        let what = format!("searching {what}");
        let ask = |it: &Listed| Ok(usize::from(it.targets(search, None, limit)? == expected));
        same(&what, sizes, &lists, each, ask)?;
    }
    growing("nobody, by two names that a thousandth have each", sizes, &lists, each, None, |it| {
        Ok(usize::from(it.targets("ilse joaquim", None, PAGE)? == 0))
    })?;
    same("routing to who is available the longest (explained)", sizes, &lists, each.min(10), |it| {
        let route = RouteNext { queue: "all".parse()?, agent: None };
        Ok(usize::from(it.centre.desk.explain(&route)?.is_allowed()))
    })
}

/// Asks the same of all sizes in turn, and prints what each costs.
fn same<W>(
    what: &str,
    sizes: Sizes,
    worlds: &[Outcome<W>; 3],
    each: u32,
    ask: impl Fn(&W) -> Outcome<usize>,
) -> Outcome {
    growing(what, sizes, worlds, each, Some(FLAT), ask)
}

/// The same, where it may cost so many times as much out of the most, or is only told.
fn growing<W>(
    what: &str,
    sizes: Sizes,
    worlds: &[Outcome<W>; 3],
    each: u32,
    at_most: Option<f64>,
    ask: impl Fn(&W) -> Outcome<usize>,
) -> Outcome {
    let [Ok(small), Ok(middle), Ok(large)] = worlds else { return Err("a world could not be made".into()) };
    let worlds = [small, middle, large];
    let mut answers = Vec::new();
    for world in worlds {
        answers.push(ask(world)?);
    }
    if answers.iter().any(|answer| *answer == 0 || Some(answer) != answers.first()) {
        return Err(format!("{what}: the answers differ in length: {answers:?}").into());
    }
    let mut took = sizes.map(|_| Pieces::default());
    for _ in 0..20 {
        for (world, took) in worlds.iter().zip(&mut took) {
            let failed = took.add(each, || (0..each).filter(|_| ask(world).is_err()).count());
            crate::centre::none("questions failed", failed)?;
        }
    }
    let costs: Vec<(u32, f64)> = sizes.into_iter().zip(took.iter().map(Pieces::median)).collect();
    flat(what, &costs, at_most);
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

/// A centre with so many agents with names, one of whom holds a conversation, and with a task that waits.
struct Listed {
    centre: Centre,
    conversation: ConversationId,
}

impl Listed {
    /// How many agents a conversation can be transferred to, of those who are searched for.
    fn targets(&self, search: &str, after: Option<AgentId>, limit: usize) -> Outcome<usize> {
        let question = TransferTargets { after_agent: after, ..TransferTargets::new(self.conversation, limit, limit) };
        let question = question.search(search);
        Ok(self.centre.desk.ask(&question)?.agents.len())
    }
}

fn listed(agents: u32) -> Outcome<Listed> {
    let (mut setup, ids) = organization(agents)?;
    for (number, agent) in (0..).zip(&mut setup.agents) {
        agent.name = name(number);
    }
    let centre = Centre::of(MemoryStore::new(), setup, ids, |terms| terms)?;
    let (id, start) = centre.prepare(0..1)?.into_iter().next().ok_or("a start")?;
    let conversation = centre.desk.run(id, &start)?.conversation;
    let (id, message) = prepare(1, 1)?;
    centre.desk.run(id, &message)?;
    Ok(Listed { centre, conversation })
}

/// An agent's name: a third have the first one, a thousandth a rare one, and one has a name of their own.
fn name(number: u32) -> String {
    let first = match number {
        77 => return "Zoë Quintanilha".to_owned(),
        _ if number % 1_000 == 13 => "Ilse",
        _ if number % 1_000 == 14 => "Joaquim",
        _ => ["Maria", "João", "Inês"].into_iter().nth(number as usize % 3).unwrap_or_default(),
    };
    let last = ["Silva", "Gonçalves", "Souza", "Conceição", "Ferreira", "Muñoz", "Almeida"];
    let last = last.into_iter().nth(number as usize % 7).unwrap_or_default();
    format!("{first} {last}")
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
        centre.desk.run(command_id(3, number), &Close { by: By::Agent(agent.clone()), conversation })?;
        centre.desk.run(command_id(4, number), &WrapUp { agent, conversation, reason: "none".parse()? })?;
        centre.desk.clock().advance(TimeDelta::seconds(1));
        customer = Some(started.customer);
    }
    Ok(Remembered { centre, customer: customer.ok_or("a customer")? })
}
