//! Threads by headers alone.

use outbound::mail::MailId;
use outbound::threading::{Forest, Node};
use proptest::prelude::*;

fn id(name: &str) -> MailId {
    MailId::parse(&format!("{name}@x")).unwrap()
}

fn ids(names: &str) -> Vec<MailId> {
    names.split_whitespace().map(id).collect()
}

fn insert(forest: &mut Forest, own: &str, in_reply_to: &str, references: &str) -> Node {
    let own = Some(own).filter(|own| !own.is_empty()).map(id);
    forest.insert(own.as_ref(), &ids(in_reply_to), &ids(references))
}

/// Inserts `(id, in reply to, references)` and answers which mails are in one thread, by number.
fn threads(mails: &[(&str, &str, &str)]) -> Vec<usize> {
    let mut forest = Forest::new();
    let nodes: Vec<Node> = mails.iter().map(|(own, reply, refs)| insert(&mut forest, own, reply, refs)).collect();
    let roots = forest.roots();
    let mut seen: Vec<Node> = Vec::new();
    nodes
        .iter()
        .map(|node| {
            let root = roots[node.index()];
            seen.iter().position(|known| *known == root).unwrap_or_else(|| {
                seen.push(root);
                seen.len() - 1
            })
        })
        .collect()
}

#[test]
fn b7_headers_decide_what_is_one_thread() {
    let cases: [(&str, &[(&str, &str, &str)], &[usize]); 12] = [
        ("a reply", &[("a", "", ""), ("b", "a", "a")], &[0, 0]),
        ("a reply that came first", &[("b", "a", ""), ("a", "", "")], &[0, 0]),
        ("two that name a third which never came", &[("b", "a", ""), ("c", "", "a")], &[0, 0]),
        ("nothing named", &[("a", "", ""), ("b", "", "")], &[0, 1]),
        ("a reference list cut short in the middle", &[("a", "", ""), ("b", "", "a"), ("d", "", "a c")], &[0, 0, 0]),
        ("In-Reply-To that References do not name", &[("a", "", ""), ("b", "", ""), ("c", "a", "b")], &[0, 1, 0]),
        ("such a one that never came", &[("a", "", ""), ("b", "z", "a"), ("c", "z", "")], &[0, 0, 0]),
        ("each answers the other", &[("a", "b", ""), ("b", "a", "")], &[0, 0]),
        ("references in a ring", &[("a", "", "c b"), ("b", "", "a c"), ("c", "", "b a")], &[0, 0, 0]),
        ("one mail twice", &[("a", "", ""), ("b", "a", ""), ("b", "a", "")], &[0, 0, 0]),
        ("mails without an id", &[("", "", ""), ("", "", ""), ("", "a", ""), ("a", "", "")], &[0, 1, 2, 2]),
        ("its own id", &[("a", "a", "a")], &[0]),
    ];
    for (what, mails, expected) in cases {
        assert_eq!(threads(mails), expected, "{what}");
    }
}

#[test]
fn b7_parents_are_what_a_mail_itself_says() {
    let mut forest = Forest::new();
    let late = insert(&mut forest, "d", "", "a c");
    let a = forest.find(&id("a")).unwrap();
    let c = forest.find(&id("c")).unwrap();
    assert!(forest.is_ghost(c) && !forest.is_ghost(late));
    assert_eq!(forest.parent(c), Some(a), "guessed from another's references");
    insert(&mut forest, "c", "b", "a b");
    let b = forest.find(&id("b")).unwrap();
    assert_eq!((forest.parent(c), forest.parent(b), forest.parent(a)), (Some(b), Some(a), None));
    assert!(!forest.is_ghost(c));
}

#[test]
fn b7_where_references_name_what_is_answered_the_last_of_them_is_the_parent() {
    for (answered, references, parent) in
        [("a", "a b", "b"), ("a", "b a", "a"), ("a", "b", "a"), ("c", "a b", "b"), ("c", "a b c", "b")]
    {
        let mut forest = Forest::new();
        let mail = insert(&mut forest, "c", answered, references);
        assert_eq!(forest.parent(mail), forest.find(&id(parent)), "{answered} and {references}");
    }
}

#[test]
fn b7_a_copy_changes_no_parent() {
    let mut forest = Forest::new();
    let mail = insert(&mut forest, "b", "a", "");
    let copy = insert(&mut forest, "b", "z", "");
    assert_eq!(mail, copy);
    assert_eq!(forest.parent(mail), forest.find(&id("a")));
}

#[test]
fn b7_a_chain_of_a_hundred_thousand_replies_is_one_thread() {
    let names: Vec<MailId> = (0..100_000).map(|n| id(&n.to_string())).collect();
    for backwards in [false, true] {
        let mut forest = Forest::new();
        let mut order: Vec<usize> = (0..names.len()).collect();
        if backwards {
            order.reverse();
        }
        for at in order {
            let parents = if at == 0 { &[] } else { &names[at - 1..at] };
            forest.insert(Some(&names[at]), parents, &[]);
        }
        let roots = forest.roots();
        assert!(roots.iter().all(|root| *root == roots[0]));
    }
}

proptest! {
    #[test]
    fn b7_no_mail_is_its_own_ancestor(
        mails in proptest::collection::vec((0..12_u8, proptest::collection::vec(0..12_u8, 0..3), proptest::collection::vec(0..12_u8, 0..6)), 1..40),
    ) {
        let name = |number: &u8| id(&number.to_string());
        let mut forest = Forest::new();
        for (own, reply, refs) in &mails {
            let (reply, refs): (Vec<_>, Vec<_>) = (reply.iter().map(name).collect(), refs.iter().map(name).collect());
            forest.insert(Some(&name(own)), &reply, &refs);
        }
        let roots = forest.roots();
        for node in (0..12).filter_map(|number| forest.find(&name(&number))) {
            let mut at = node;
            let mut steps = 0;
            while let Some(parent) = forest.parent(at) {
                at = parent;
                steps += 1;
                prop_assert!(steps <= 12);
            }
            prop_assert_eq!(roots[node.index()], at);
        }
    }
}
