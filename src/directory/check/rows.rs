//! Reading the lists of a set-up, and the places in it where problems are reported.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;

use super::{SECTIONS, seconds};
use crate::directory::problem::{Problem, SetupErrors, SetupProblem};
use crate::directory::queue::Queue;
use crate::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, ProfileSetup, QueueSetup, SiteSetup, TeamSetup, WorkflowSetup,
    WrapUpReasonSetup,
};
use crate::directory::table::{Listed, Places, Table};
use crate::model::{
    AgentId, Channel, Digest, Digested, EntryPointId, IdleReasonId, ProfileId, QueueId, SiteId, TeamId, TemplateId,
    TemplateSource, WorkflowId, WrapUpReasonId, is_blank,
};

/// A list of the document: its rows have ids and names.
pub(super) trait Row {
    type Id: Digested;
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
pub(super) struct Rows<T> {
    pub(super) kind: &'static str,
    pub(super) declared: Places,
    pub(super) table: Table<T>,
}

pub(super) fn rows<R: Row, T: Listed>(
    found: &mut Found,
    source: &[R],
    mut build: impl FnMut(&mut At<'_>, &R) -> Option<T>,
) -> Rows<T> {
    let mut declared = Places::default();
    let mut built = Vec::with_capacity(source.len());
    for (i, row) in source.iter().enumerate() {
        let at = &mut At { found, section: R::SECTION, index: Some(i) };
        at.declare(&mut declared, i, row.id().text(), row.id().digest());
        at.name(row.name());
        built.extend(build(at, row).map(Arc::new));
    }
    Rows { kind: R::KIND, declared, table: Table::new(&built) }
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

    /// Notes where an id is declared, the first time.
    fn declare(&mut self, declared: &mut Places, place: usize, id: &str, digest: Digest) {
        let first = *declared.entry(digest).or_insert(place);
        if first != place {
            let problem = Problem::Duplicate { value: id.into(), first: format!("{}[{first}]", self.section) };
            self.report("id", problem);
        }
    }

    pub(super) fn name(&mut self, name: &str) {
        if is_blank(name) {
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
    pub(super) fn refer<T: Listed>(&mut self, field: impl fmt::Display, rows: &Rows<T>, id: &T::Id) -> Option<Arc<T>> {
        if !rows.declared.contains_key(&id.digest()) {
            self.report(field, Problem::Dangling { kind: rows.kind, id: id.text().into() });
        }
        rows.table.share(id)
    }

    pub(super) fn refer_if_any<T: Listed>(
        &mut self,
        field: &str,
        rows: &Rows<T>,
        id: Option<&T::Id>,
    ) -> Option<Arc<T>> {
        id.and_then(|id| self.refer(field, rows, id))
    }

    pub(super) fn refer_to_each<T: Listed<Id: fmt::Display>>(
        &mut self,
        field: &str,
        rows: &Rows<T>,
        ids: &[T::Id],
    ) -> Vec<Arc<T>> {
        self.once(field, ids);
        ids.iter().enumerate().filter_map(|(i, id)| self.refer(format_args!("{field}[{i}]"), rows, id)).collect()
    }

    pub(super) fn once<V: fmt::Display>(&mut self, field: &str, values: &[V]) {
        let mut firsts = BTreeMap::new();
        for (i, value) in values.iter().enumerate() {
            let first = *firsts.entry(value.to_string()).or_insert(i);
            if first != i {
                let first = self.path(format_args!("{field}[{first}]"));
                let problem = Problem::Duplicate { value: value.to_string(), first };
                self.report(format_args!("{field}[{i}]"), problem);
            }
        }
    }
}
