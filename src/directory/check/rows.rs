//! Reading the lists of a set-up, and the places in it where problems are reported.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{SECTIONS, seconds};
use crate::directory::problem::{Problem, SetupErrors, SetupProblem};
use crate::directory::queue::Queue;
use crate::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, ProfileSetup, QueueSetup, SiteSetup, TeamSetup, WorkflowSetup,
    WrapUpReasonSetup,
};
use crate::directory::table::{ById, Table};
use crate::model::{
    AgentId, Channel, EntryPointId, IdleReasonId, ProfileId, QueueId, SiteId, TeamId, TemplateId, TemplateSource,
    WorkflowId, WrapUpReasonId,
};

/// A list of the document: its rows have ids and names.
pub(super) trait Row {
    type Id: Clone + Ord + Hash + fmt::Display;
    const SECTION: &'static str;
    const KIND: &'static str;
    fn id(&self) -> &Self::Id;
    fn name(&self) -> &str;
}

macro_rules! row {
    ($($setup:ident, $id:ident: $section:literal of $kind:literal;)*) => {$(
        impl Row for $setup {
            type Id = $id;
            const SECTION: &'static str = $section;
            const KIND: &'static str = $kind;
            fn id(&self) -> &$id {
                &self.id
            }
            fn name(&self) -> &str {
                &self.name
            }
        }
    )*};
}

row! {
    SiteSetup, SiteId: "sites" of "site";
    TeamSetup, TeamId: "teams" of "team";
    AgentSetup, AgentId: "agents" of "agent";
    ProfileSetup, ProfileId: "profiles" of "profile";
    EntryPointSetup, EntryPointId: "entry_points" of "entry point";
    QueueSetup, QueueId: "queues" of "queue";
    TemplateSource, TemplateId: "templates" of "template";
    WrapUpReasonSetup, WrapUpReasonId: "wrap_up_reasons" of "wrap-up reason";
    IdleReasonSetup, IdleReasonId: "idle_reasons" of "idle reason";
    WorkflowSetup, WorkflowId: "workflows" of "workflow";
}

/// A list that has been read: what it declares, and what of it could be resolved.
pub(super) struct Rows<Id, T> {
    pub(super) kind: &'static str,
    pub(super) declared: ById<Id, usize>,
    pub(super) table: Table<Id, T>,
}

pub(super) fn rows<R: Row, T>(
    found: &mut Found,
    source: &[R],
    mut build: impl FnMut(&mut At<'_>, &R) -> Option<T>,
) -> Rows<R::Id, T> {
    let mut declared: ById<R::Id, usize> = ById::default();
    let mut built = Vec::with_capacity(source.len());
    for (i, row) in source.iter().enumerate() {
        let at = &mut At { found, section: R::SECTION, index: Some(i) };
        let first = *declared.entry(row.id().clone()).or_insert(i);
        if first != i {
            let problem = Problem::Duplicate { value: row.id().to_string(), first: format!("{}[{first}]", R::SECTION) };
            at.report("id", problem);
        }
        at.name(row.name());
        built.extend(build(at, row).map(|resolved| (row.id().clone(), resolved)));
    }
    Rows { kind: R::KIND, declared, table: Table::new(built) }
}

/// The problems found so far, each with its section.
#[derive(Default)]
pub(super) struct Found {
    pub(super) problems: Vec<(&'static str, SetupProblem)>,
}

impl Found {
    pub(super) fn in_document_order(mut self) -> SetupErrors {
        self.problems.sort_by_key(|(section, _)| SECTIONS.iter().position(|other| other == section));
        SetupErrors { problems: self.problems.into_iter().map(|(_, problem)| problem).collect() }
    }
}

/// A place in the document, where problems are reported.
pub(super) struct At<'a> {
    pub(super) found: &'a mut Found,
    pub(super) section: &'static str,
    pub(super) index: Option<usize>,
}

impl At<'_> {
    pub(super) fn report(&mut self, field: impl fmt::Display, problem: Problem) {
        let path = self.path(field);
        self.found.problems.push((self.section, SetupProblem { path, problem }));
    }

    pub(super) fn path(&self, field: impl fmt::Display) -> String {
        let section = self.section;
        match self.index {
            Some(index) => format!("{section}[{index}].{field}"),
            None => format!("{section}.{field}"),
        }
    }

    pub(super) fn name(&mut self, name: &str) {
        if name.trim().is_empty() {
            self.report("name", Problem::Blank);
        }
    }

    pub(super) fn above_zero(&mut self, field: &str, value: u32) {
        if value == 0 {
            self.report(field, Problem::Zero);
        }
    }

    pub(super) fn time(&mut self, field: &str, value: u32) -> TimeDelta {
        self.above_zero(field, value);
        seconds(value)
    }

    pub(super) fn served(&mut self, field: &str, queue: &Queue, channel: Channel) {
        if !queue.serves(channel) {
            self.report(field, Problem::QueueLacksChannel { queue: queue.id().clone(), channel });
        }
    }

    /// What an id refers to; nothing, and no further problem, where that is declared but has problems of its own.
    pub(super) fn refer<Id: Ord + Hash + fmt::Display, T>(
        &mut self,
        field: impl fmt::Display,
        rows: &Rows<Id, T>,
        id: &Id,
    ) -> Option<Arc<T>> {
        if !rows.declared.contains_key(id) {
            self.report(field, Problem::Dangling { kind: rows.kind, id: id.to_string() });
        }
        rows.table.share(id)
    }

    pub(super) fn refer_if_any<Id: Ord + Hash + fmt::Display, T>(
        &mut self,
        field: &str,
        rows: &Rows<Id, T>,
        id: Option<&Id>,
    ) -> Option<Arc<T>> {
        id.and_then(|id| self.refer(field, rows, id))
    }

    pub(super) fn refer_to_each<Id: Ord + Hash + fmt::Display, T>(
        &mut self,
        field: &str,
        rows: &Rows<Id, T>,
        ids: &[Id],
    ) -> Vec<Arc<T>> {
        self.once(field, ids);
        ids.iter().enumerate().filter_map(|(i, id)| self.refer(format_args!("{field}[{i}]"), rows, id)).collect()
    }

    pub(super) fn once<V: Ord + fmt::Display>(&mut self, field: &str, values: &[V]) {
        let mut firsts = BTreeMap::new();
        for (i, value) in values.iter().enumerate() {
            let first = *firsts.entry(value).or_insert(i);
            if first != i {
                let first = self.path(format_args!("{field}[{first}]"));
                let problem = Problem::Duplicate { value: value.to_string(), first };
                self.report(format_args!("{field}[{i}]"), problem);
            }
        }
    }
}
