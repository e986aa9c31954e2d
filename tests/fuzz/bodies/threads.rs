//! Threads: a mailbox as trees, and what one mail names.

use outbound::mail::{MailHeaders, MailId, ThreadingKey, ThreadingKeys};
use outbound::threading::{Forest, MAX_QUOTES, Names, Node, quotes};

use super::cursor::Cursor;

/// Mails that name each other in any way: no mail is above itself, and one root holds each tree together.
///
/// The first byte says how many mails there are: each takes its own id and what it names from the bytes; the rest is read as
/// headers, which name no message of ours.
pub fn threads(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let mut forest = Forest::new();
    let mut mails: Vec<(Node, Vec<MailId>)> = Vec::new();
    for _ in 0..cursor.byte() {
        let own = cursor.flag().then(|| id(&mut cursor));
        let answered: Vec<MailId> = (0..cursor.below(3)).map(|_| id(&mut cursor)).collect();
        let references: Vec<MailId> = (0..cursor.below(8)).map(|_| id(&mut cursor)).collect();
        let node = forest.insert(own.as_ref(), &answered, &references);
        assert!(!forest.is_ghost(node) && own.is_none_or(|own| forest.find(&own) == Some(node)));
        mails.push((node, answered.into_iter().chain(references).collect()));
    }
    let roots = forest.roots();
    let root = |node: Node| roots.get(node.index()).copied();
    for (node, named) in &mails {
        assert_eq!(Some(topmost(&forest, *node, roots.len())), root(*node));
        if let Some(parent) = forest.parent(*node) {
            assert_eq!(root(parent), root(*node));
        }
        assert!(named.iter().all(|id| forest.find(id).is_none_or(|node| root(node).is_some())));
    }
    what_is_named(cursor.rest());
}

/// Few ids, so that mails meet.
fn id(cursor: &mut Cursor<'_>) -> MailId {
    let text = format!("{}@x", cursor.below(32));
    MailId::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn topmost(forest: &Forest, node: Node, nodes: usize) -> Node {
    let mut at = node;
    for _ in 0..nodes {
        let Some(parent) = forest.parent(at) else { return at };
        at = parent;
    }
    panic!("a mail is above itself: {forest:?}")
}

fn what_is_named(raw: &[u8]) {
    let Ok(key) = ThreadingKey::new(b"a secret of the fuzzers") else { panic!("a key of 23 bytes") };
    let headers = MailHeaders::from_raw(raw);
    let found = quotes(&headers, Some(&ThreadingKeys::new(key)), b"here");
    assert!(found.len() <= MAX_QUOTES && found.is_sorted_by_key(|quote| quote.via));
    assert!(!found.iter().any(|quote| matches!(quote.names, Names::Own(_))), "a forged id: {found:?}");
}
