//! A whole mailbox as threads, by its headers alone: what answers what (B7).

use std::collections::BTreeMap;

use crate::mail::MailId;

/// How far up a tree a loop is looked for. Only mails that contradict each other lead to such a walk.
const MAX_STEPS: usize = 1_000;

/// Mails and the ids that they name, as trees: each has at most one parent, and none is its own ancestor.
///
/// An id that is named and never comes is a ghost: it still holds together those that name it. Subjects join nothing.
#[derive(Debug, Clone, Default)]
pub struct Forest {
    nodes: Vec<Inner>,
    by_id: BTreeMap<MailId, Node>,
}

/// A place in a [`Forest`]: a mail, or the ghost of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(usize);

#[derive(Debug, Clone)]
struct Inner {
    parent: Option<Node>,
    /// A node of the same tree that is nearer to the one that stands for it.
    joined: Node,
    is_mail: bool,
}

impl Forest {
    /// A forest without trees.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a mail in: its own id, what its In-Reply-To names, and what its References name, the oldest first.
    ///
    /// The parent is what In-Reply-To names first, unless References name it too: then it is the last of these. What a mail says
    /// of itself overrules what another's References said of it; among those, the first counts. A second mail under an id that
    /// has come before is another copy, and gets the same node.
    pub fn insert(&mut self, id: Option<&MailId>, in_reply_to: &[MailId], references: &[MailId]) -> Node {
        let mail = match id {
            Some(id) => self.node(id),
            None => self.add(),
        };
        let is_copy = self.nodes.get(mail.0).is_some_and(|node| node.is_mail);
        if let Some(node) = self.nodes.get_mut(mail.0) {
            node.is_mail = true;
        }
        let mut before: Option<Node> = None;
        for ancestor in references.iter().filter(|ancestor| Some(*ancestor) != id) {
            let ancestor = self.node(ancestor);
            self.guess(ancestor, before);
            before = Some(ancestor);
        }
        let answered = in_reply_to.first().filter(|answered| !references.contains(answered) && Some(*answered) != id);
        if let Some(answered) = answered.map(|answered| self.node(answered)) {
            // A mail that came says itself what it answers; only of a ghost is it likely to be what References end with.
            self.guess(answered, before.filter(|_| self.is_ghost(answered)));
            before = Some(answered);
        }
        if let Some(parent) = before.filter(|_| !is_copy) {
            self.link(mail, parent);
        }
        mail
    }

    /// The root of every node, by [`Node::index`]: the same for all of one thread.
    #[must_use]
    pub fn roots(&self) -> Vec<Node> {
        let mut roots: Vec<Option<Node>> = vec![None; self.nodes.len()];
        let mut path = Vec::new();
        for start in 0..self.nodes.len() {
            let mut at = Node(start);
            let root = loop {
                if let Some(known) = roots.get(at.0).copied().flatten() {
                    break known;
                }
                path.push(at);
                match self.parent(at) {
                    Some(parent) => at = parent,
                    None => break at,
                }
            };
            for node in path.drain(..) {
                if let Some(of) = roots.get_mut(node.0) {
                    *of = Some(root);
                }
            }
        }
        roots.into_iter().zip(0..).map(|(root, at)| root.unwrap_or(Node(at))).collect()
    }

    /// What a node answers.
    #[must_use]
    pub fn parent(&self, node: Node) -> Option<Node> {
        self.nodes.get(node.0).and_then(|node| node.parent)
    }

    /// Whether a node is only named, and its mail never came.
    #[must_use]
    pub fn is_ghost(&self, node: Node) -> bool {
        self.nodes.get(node.0).is_some_and(|node| !node.is_mail)
    }

    /// The node of an id that a mail has or names.
    #[must_use]
    pub fn find(&self, id: &MailId) -> Option<Node> {
        self.by_id.get(id).copied()
    }

    fn node(&mut self, id: &MailId) -> Node {
        if let Some(known) = self.by_id.get(id) {
            return *known;
        }
        let node = self.add();
        self.by_id.insert(id.clone(), node);
        node
    }

    fn add(&mut self) -> Node {
        let node = Node(self.nodes.len());
        self.nodes.push(Inner { parent: None, joined: node, is_mail: false });
        node
    }

    /// Takes what References say about two other mails, where nothing was said before.
    fn guess(&mut self, child: Node, parent: Option<Node>) {
        if let Some(parent) = parent.filter(|_| self.parent(child).is_none()) {
            self.link(child, parent);
        }
    }

    /// Makes one node the parent of another, unless that would make it its own ancestor.
    fn link(&mut self, child: Node, parent: Node) {
        let may_be_below = self.set_of(child) == self.set_of(parent);
        if self.parent(child) == Some(parent) || (may_be_below && self.is_below(parent, child)) {
            return;
        }
        if let Some(node) = self.nodes.get_mut(child.0) {
            node.parent = Some(parent);
        }
        self.join(child, parent);
    }

    /// Whether a node is in the tree below another; yes, too, where that is too far to be looked at.
    fn is_below(&self, node: Node, ancestor: Node) -> bool {
        let mut at = node;
        for _ in 0..MAX_STEPS {
            if at == ancestor {
                return true;
            }
            match self.parent(at) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }

    /// Nodes in different sets were never in one tree: that spares nearly every walk to a root.
    fn set_of(&mut self, node: Node) -> Node {
        let mut at = node;
        while let Some(nearer) = self.nodes.get(at.0).map(|node| node.joined).filter(|nearer| *nearer != at) {
            let nearest = self.nodes.get(nearer.0).map_or(nearer, |node| node.joined);
            if let Some(node) = self.nodes.get_mut(at.0) {
                node.joined = nearest;
            }
            at = nearest;
        }
        at
    }

    fn join(&mut self, one: Node, other: Node) {
        let (one, other) = (self.set_of(one), self.set_of(other));
        if let Some(node) = self.nodes.get_mut(one.0) {
            node.joined = other;
        }
    }
}

impl Node {
    /// Its number: nodes are numbered from 0 in the order in which their ids were first seen.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}
