//! What is written: templates, lengths, subjects, inline images (R25, R27–R34).

use chrono::{DateTime, TimeZone, Utc};
use outbound::command::{ReceiveMessage, SendMessage, StartOutbound};
use outbound::directory::SubjectReuse;
use outbound::model::{Attachment, Body, Content, ConversationId, InlineImage, MessageId, Private, TaskState, Wording};
use outbound::policy::MAX_IMAGE_BYTES;
use outbound::port::Failure;
use outbound::query::SmsPreview;
use outbound::refusal::{Code, Fact, Language, Value};
use outbound::sms::Encoding;

use crate::support::{Floor, email, fact, id, inbound, start_of_time, text};

const CUSTOMER: &str = "rita@example.com";
const NUMBER: &str = "+351912345678";

/// Ana in an e-mail conversation that has no message yet.
fn writing() -> (Floor, ConversationId) {
    writing_at(Floor::new())
}

fn writing_at(floor: Floor) -> (Floor, ConversationId) {
    floor.sign_in(&["ana"]);
    let conversation = floor.start_email("ana", CUSTOMER);
    (floor, conversation)
}

/// Ana in an SMS conversation.
fn texting() -> (Floor, ConversationId) {
    texting_at(Floor::new())
}

fn texting_at(floor: Floor) -> (Floor, ConversationId) {
    floor.sign_in(&["ana"]);
    let conversation = floor.start_sms("ana", NUMBER);
    (floor, conversation)
}

fn send(conversation: ConversationId, wording: Wording) -> SendMessage {
    SendMessage::new(id("ana"), conversation, wording)
}

fn under(conversation: ConversationId, subject: &str) -> SendMessage {
    text("ana", conversation, "hello").with_subject(subject)
}

fn template<const N: usize>(name: &str, values: [(&str, &str); N]) -> Wording {
    Wording::template(id(name), values)
}

/// What the bytes of a PNG begin with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn png(name: &str, size: usize) -> InlineImage {
    let mut bytes = PNG.to_vec();
    bytes.resize(size, 7);
    InlineImage { name: name.into(), media_type: "image/png".into(), bytes: Private::new(bytes) }
}

fn html(conversation: ConversationId, html: &str, images: Vec<InlineImage>) -> SendMessage {
    send(conversation, Wording::Html { html: Private::new(html.into()), images }).with_subject("Pictures")
}

/// An e-mail that shows one image.
fn picture(conversation: ConversationId, image: InlineImage) -> SendMessage {
    html(conversation, &format!(r#"<img src="inline:{}">"#, image.name), vec![image])
}

fn attachment(content_id: Option<&str>) -> Attachment {
    Attachment {
        name: "logo.png".into(),
        media_type: "image/png".into(),
        size: 10,
        location: "blob/1".into(),
        content_id: content_id.map(Into::into),
    }
}

fn content(floor: &Floor, message: MessageId) -> Content {
    floor.message(message).content().clone()
}

/// Sends, and answers what was written down.
fn sent(floor: &Floor, send: &SendMessage) -> Content {
    content(floor, floor.ok(send).message)
}

#[test]
fn r25_a_template_is_filled_in_and_its_version_is_kept() {
    let (floor, conversation) = texting();
    let full = send(conversation, template("hello_sms", [("name", "Rita"), ("order", "77")]));
    floor.passes(&full, Code::TemplateUnknown);
    floor.passes(&full, Code::TemplateVariablesMissing);
    let message = sent(&floor, &full);
    assert_eq!(message.body.expose(), "Hello Rita, your order 77 is ready.");
    assert_eq!(message.template.unwrap().version, 3);

    let fallback = sent(&floor, &send(conversation, template("hello_sms", [("name", "  "), ("order", "{{name}}")])));
    assert_eq!(fallback.body.expose(), "Hello there, your order {{name}} is ready.", "a value is never expanded");
}

#[test]
fn r25_a_missing_variable_is_a_refusal_and_never_a_raw_placeholder() {
    let (floor, conversation) = texting();
    let bare = send(conversation, template("hello_sms", [("name", "Rita")]));
    let refusals = floor.refuses(&bare, Code::TemplateVariablesMissing);
    assert_eq!(fact(&refusals, &Code::TemplateVariablesMissing, "variables"), "order");
    let blank = send(conversation, template("hello_sms", [("order", " ")]));
    floor.refuses(&blank, Code::TemplateVariablesMissing);
    assert_eq!(floor.conversation(conversation).messages(), 0);
}

#[test]
fn r25_templates_are_known_and_fit_the_channel_and_their_values() {
    let (floor, conversation) = texting();
    let refusals = floor.refuses(&send(conversation, template("nope", [])), Code::TemplateUnknown);
    assert_eq!(fact(&refusals, &Code::TemplateUnknown, "template"), "nope");

    let mail = template("hello_mail", [("name", "Rita"), ("order", "7")]);
    let refusals = floor.refuses(&send(conversation, mail), Code::TemplateOtherChannel);
    assert_eq!(fact(&refusals, &Code::TemplateOtherChannel, "found"), "email");

    let more = send(conversation, template("hello_sms", [("order", "7"), ("odrer", "8")]));
    let refusals = floor.refuses(&more, Code::TemplateVariablesUnknown);
    assert_eq!(fact(&refusals, &Code::TemplateVariablesUnknown, "variables"), "odrer");
    let exact = send(conversation, template("hello_sms", [("order", "7")]));
    floor.passes(&exact, Code::TemplateOtherChannel);
    floor.passes(&exact, Code::TemplateVariablesUnknown);
    floor.passes(&exact, Code::TemplateValueNotALine);
}

#[test]
fn r25_a_refusal_quotes_no_more_than_the_beginning_of_what_somebody_wrote() {
    let (floor, conversation) = writing();
    let names: Vec<String> = (0..1000).map(|n| format!("v{n:03}{}", "x".repeat(1000))).collect();
    let many = send(conversation, Wording::template(id("hello_sms"), names.iter().map(|name| (name, "1"))));
    let refusals = floor.refuses(&many, Code::TemplateVariablesUnknown);
    let unknown = refusals.find(&Code::TemplateVariablesUnknown).unwrap();
    let Some(Value::Texts(quoted)) = unknown.fact("variables") else { panic!("{unknown}") };
    let begins = quoted.iter().zip(&names).all(|(quoted, name)| name.starts_with(quoted) && quoted.len() == 100);
    assert!(quoted.len() == 16 && begins, "{quoted:#?}");

    let name = "é".repeat(1000);
    let image = InlineImage { name: name.clone(), media_type: name, bytes: Private::new(Vec::new()) };
    let refusals = floor.refuses(&picture(conversation, image), Code::ImageNotAnImage);
    for reason in refusals.iter().filter(|reason| reason.fact("image").is_some()) {
        let short = |fact: &Fact| fact.value().to_string().chars().count() <= 100;
        assert!(reason.facts().iter().all(short), "{reason}");
    }
}

#[test]
fn r25_a_value_cannot_break_the_subject_or_the_html() {
    let (floor, conversation) = writing();
    let forged = template("hello_mail", [("name", "Rita"), ("order", "7\r\nBcc: all@example.com")]);
    let refusals = floor.refuses(&send(conversation, forged), Code::TemplateValueNotALine);
    assert_eq!(fact(&refusals, &Code::TemplateValueNotALine, "variables"), "order");

    let message = sent(&floor, &send(conversation, template("hello_mail", [("name", "<Rita>"), ("order", "7")])));
    assert_eq!(message.body, Body::Html("<p>Hello &lt;Rita&gt;</p>".into()));
    assert_eq!(message.subject.unwrap().as_str(), "Order 7");
    assert_eq!(floor.conversation(conversation).subject().unwrap().as_str(), "Order 7");
}

#[test]
fn r25_a_message_says_something_and_keeps_within_the_length() {
    let (floor, conversation) = texting_at(Floor::with(|setup| setup.organization.text_limits.max_sms_chars = 300));
    for blank in [" \n\t ", "\u{200b}\u{feff}", "\u{3164}", "\u{2800}"] {
        floor.refuses(&text("ana", conversation, blank), Code::MessageBlank);
    }
    let (most, more) = (format!("{}ã", "a".repeat(299)), format!("{}ã", "a".repeat(300)));
    floor.passes(&text("ana", conversation, &most), Code::MessageBlank);
    floor.passes(&text("ana", conversation, &most), Code::MessageTooLong);
    let refusals = floor.refuses(&text("ana", conversation, &more), Code::MessageTooLong);
    assert_eq!(fact(&refusals, &Code::MessageTooLong, "length"), "301");
    assert_eq!(fact(&refusals, &Code::MessageTooLong, "limit"), "300");
}

#[test]
fn b08_a_text_message_keeps_within_its_segments() {
    let (floor, conversation) = texting();
    let written = |body: String| text("ana", conversation, &body);
    floor.passes(&written("a".repeat(1530)), Code::MessageTooManySegments);
    floor.passes(&written("ã".repeat(670)), Code::MessageTooManySegments);
    let refusals = floor.refuses(&written("a".repeat(1531)), Code::MessageTooManySegments);
    let told = |name: &str| fact(&refusals, &Code::MessageTooManySegments, name);
    assert_eq!((told("segments"), told("limit"), told("encoding")), ("11".into(), "10".into(), "gsm7".into()));
    assert_eq!((told("forced"), told("plainer_segments")), ("-".into(), "11".into()));

    let refusals = floor.refuses(&written(format!("{}não", "a".repeat(668))), Code::MessageTooManySegments);
    let told = |name: &str| fact(&refusals, &Code::MessageTooManySegments, name);
    assert_eq!((told("segments"), told("encoding")), ("11".into(), "ucs2".into()));
    assert_eq!((told("forced"), told("plainer_segments")), ("ã (U+00E3)".into(), "5".into()));
}

#[test]
fn b08_at_most_ten_of_the_characters_that_forced_ucs2_are_named() {
    let (floor, conversation) = texting_at(Floor::with(|setup| setup.organization.text_limits.max_sms_segments = 1));
    let many = format!("{}ãõáíóúâêôçÃ", "a".repeat(80));
    let refusals = floor.refuses(&text("ana", conversation, &many), Code::MessageTooManySegments);
    let Some(Value::Texts(named)) = refusals.primary().fact("forced") else { panic!("several texts") };
    assert_eq!((named.len(), named[9].as_str()), (10, "ç (U+00E7)"));
    let remedy = refusals.primary().remedy(Language::English);
    assert!(remedy.contains("`ã (U+00E3)`, `õ (U+00F5)`") && remedy.ends_with("`1`"), "{remedy}");
}

#[test]
fn b08_a_template_and_a_start_are_held_to_the_same_segments() {
    let (floor, conversation) = texting_at(Floor::with(|setup| setup.organization.text_limits.max_sms_segments = 1));
    let filled = |name: &str| send(conversation, template("hello_sms", [("name", name), ("order", "7")]));
    floor.passes(&filled("Rita"), Code::MessageTooManySegments);
    let refusals = floor.refuses(&filled(&"ã".repeat(50)), Code::MessageTooManySegments);
    assert_eq!(fact(&refusals, &Code::MessageTooManySegments, "segments"), "2");
}

#[test]
fn b08_an_email_has_no_segments() {
    let (floor, conversation) = writing_at(Floor::with(|setup| setup.organization.text_limits.max_sms_segments = 1));
    floor.ok(&text("ana", conversation, &"ã".repeat(500)).with_subject("Hi"));
}

#[test]
fn b08_a_desk_previews_what_a_wording_would_cost() {
    let (floor, _) = texting_at(Floor::with(|setup| setup.organization.text_limits.max_sms_segments = 2));
    let preview = |wording: Wording| floor.desk.ask(&SmsPreview { wording });
    let answer = preview(template("hello_sms", [("name", "João"), ("order", &"7".repeat(50))])).unwrap();
    assert_eq!(answer.text.expose(), &format!("Hello João, your order {} is ready.", "7".repeat(50)));
    assert_eq!((answer.segments.encoding(), answer.segments.count(), answer.limit), (Encoding::Ucs2, 2, 2));
    assert_eq!((answer.forced.len(), answer.forced[0].character.as_str(), answer.forced[0].first), (1, "ã", 8));
    assert_eq!(answer.plainer.map(|plainer| (plainer.segments, plainer.saves)), Some((1, 1)));
    assert_eq!(answer.refusals, None);

    let long = preview(Wording::text("a".repeat(307))).unwrap();
    assert_eq!((long.segments.count(), long.plainer), (3, None));
    assert_eq!(long.refusals.unwrap().codes(), [Code::MessageTooManySegments]);
    let html = preview(Wording::html("<p>no</p>")).unwrap();
    assert_eq!(html.refusals.unwrap().codes(), [Code::MessageEmailOnly]);
    assert_eq!(preview(Wording::text("")).unwrap().refusals.unwrap().codes(), [Code::MessageBlank]);

    let Err(Failure::Refused(refusals)) = preview(template("nope", [])) else { panic!("there is no such template") };
    assert!(refusals.has(&Code::TemplateUnknown));
    assert!(!format!("{:?}", preview(Wording::text("secret")).unwrap()).contains("secret"));
}

#[test]
fn r25_an_email_is_measured_in_bytes() {
    let (floor, conversation) = writing_at(Floor::with(|setup| setup.organization.text_limits.max_email_bytes = 10));
    floor.passes(&text("ana", conversation, "ãããão").with_subject("Hi"), Code::MessageTooLong);
    let refusals = floor.refuses(&text("ana", conversation, "ããããão").with_subject("Hi"), Code::MessageTooLong);
    assert_eq!(fact(&refusals, &Code::MessageTooLong, "length"), "11");
    assert_eq!(fact(&refusals, &Code::MessageTooLong, "unit"), "bytes");
}

#[test]
fn r25_html_subjects_and_attachments_go_by_email_only() {
    let (floor, conversation) = texting();
    let with_file = SendMessage { attachments: vec![attachment(None)], ..text("ana", conversation, "hello") };
    for (what, refused) in [
        ("HTML", send(conversation, Wording::html("<b>hello</b>"))),
        ("a subject", under(conversation, "Hello")),
        ("an attachment", with_file),
    ] {
        let refusals = floor.refuses(&refused, Code::MessageEmailOnly);
        assert_eq!(fact(&refusals, &Code::MessageEmailOnly, "what"), what);
    }
    let refusals = floor.refuses(&under(conversation, " "), Code::MessageEmailOnly);
    assert_eq!(refusals.codes(), [Code::MessageEmailOnly], "a subject that has no place there need not be a good one");
    floor.passes(&text("ana", conversation, "hello"), Code::MessageEmailOnly);
    let mail = floor.start_email("ana", CUSTOMER);
    let all = SendMessage {
        attachments: vec![attachment(None)],
        ..send(mail, Wording::html("<b>hi</b>")).with_subject("Hi")
    };
    floor.passes(&all, Code::MessageEmailOnly);
    assert_eq!(sent(&floor, &all).attachments.len(), 1);
}

#[test]
fn r27_the_first_email_needs_a_subject_and_later_ones_go_on_under_it() {
    let (floor, conversation) = writing();
    floor.refuses(&text("ana", conversation, "hello"), Code::SubjectMissing);
    floor.passes(&under(conversation, "Your order"), Code::SubjectMissing);
    floor.ok(&under(conversation, "Your order"));
    floor.passes(&text("ana", conversation, "one more thing"), Code::SubjectMissing);
    let later = sent(&floor, &text("ana", conversation, "one more thing"));
    assert_eq!(later.subject.unwrap().as_str(), "Your order", "no e-mail leaves without a subject");
}

#[test]
fn r27_a_subject_is_one_line_that_is_not_blank_and_not_too_long() {
    let (floor, conversation) = writing();
    for wrong in ["  ", "\u{200b}", "Hi\r\nBcc: all@example.com", &"x".repeat(256)] {
        floor.refuses(&under(conversation, wrong), Code::SubjectNotASubject);
    }
    floor.passes(&under(conversation, &"x".repeat(255)), Code::SubjectNotASubject);
}

#[test]
fn r27_a_subject_used_before_is_refused_whatever_its_marks_case_and_white_space() {
    let (floor, first) = writing();
    floor.passes(&under(first, "Your order 77"), Code::SubjectUsed);
    floor.ok(&under(first, "Your order 77"));
    floor.close("ana", first);
    floor.pass(61);
    let second = floor.start_email("ana", CUSTOMER);
    let marks = ["", "Re: ", "RE:", "RES: ", "ENC: ", "AW: ", "WG: ", "Re[2]: ", "Re: Fwd: AW: ", "回复：", "SV : "];
    for mark in marks {
        for subject in ["Your order 77", "YOUR ORDER 77", "  your \u{a0} order   77 "] {
            let subject = format!("{mark}{subject}");
            let refusals = floor.refuses(&under(second, &subject), Code::SubjectUsed);
            assert_eq!(fact(&refusals, &Code::SubjectUsed, "conversation"), first.to_string(), "{subject}");
        }
    }
    for other in ["Your order 78", "[Your] order 77", "Rex: your order 77", "Your order: 77"] {
        floor.passes(&under(second, other), Code::SubjectUsed);
    }
}

#[test]
fn r27_policy_can_warn_instead() {
    let (floor, first) = writing_at(Floor::with(|setup| setup.organization.subject_reuse = SubjectReuse::Warn));
    let fresh = floor.ok(&under(first, "Your order"));
    assert!(fresh.warnings.is_empty());
    floor.close("ana", first);
    floor.pass(61);
    let second = floor.start_email("ana", CUSTOMER);
    let sent = floor.ok(&under(second, "RE: your ORDER"));
    let warnings: Vec<_> = sent.warnings.iter().map(|warning| (warning.code(), warning.conversation())).collect();
    assert_eq!(warnings, [(&Code::SubjectUsed, Some(first))]);
    assert_eq!(floor.conversation(second).subject().unwrap().as_str(), "RE: your ORDER");
}

#[test]
fn r27_a_subject_counts_for_the_customer_and_not_for_the_address() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let known = |to: &str| StartOutbound { customer: Some(id("rita")), ..email("ana", to) };
    let first = floor.ok(&known(CUSTOMER)).conversation;
    floor.ok(&under(first, "Your order"));
    let second = floor.ok(&known("rita.at.work@example.com")).conversation;
    let refusals = floor.refuses(&under(second, "Your order"), Code::SubjectUsed);
    assert_eq!(fact(&refusals, &Code::SubjectUsed, "conversation"), first.to_string());
    let stranger = floor.start_email("ana", "somebody@example.com");
    floor.passes(&under(stranger, "Your order"), Code::SubjectUsed);
}

#[test]
fn r27_what_the_customer_wrote_under_is_used_as_well_and_one_conversation_may_repeat_itself() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let mail =
        ReceiveMessage { subject: Some("My parcel".into()), ..inbound("mail_care", CUSTOMER, "m-1", "where is it?") };
    let theirs = floor.ok(&mail).conversation;
    let offered = floor.route("care_queue", Some("ana"));
    floor.accept("ana", theirs, offered.offer);
    floor.passes(&under(theirs, "Re: My parcel"), Code::SubjectMissing);
    let answer = sent(&floor, &under(theirs, "Re: My parcel"));
    assert_eq!(answer.subject.unwrap().as_str(), "Re: My parcel");
    assert_eq!(floor.conversation(theirs).subject().unwrap().as_str(), "My parcel");
    floor.ok(&under(theirs, "Another matter"));
    floor.passes(&under(theirs, "My parcel"), Code::SubjectUsed);
    floor.close("ana", theirs);
    floor.pass(61);
    let ours = floor.start_email("ana", CUSTOMER);
    floor.refuses(&under(ours, "my parcel"), Code::SubjectUsed);
    floor.refuses(&under(ours, "another matter"), Code::SubjectUsed);
}

#[test]
fn r27_every_subject_that_the_customer_wrote_under_counts() {
    let (floor, conversation) = writing();
    floor.ok(&under(conversation, "Your order"));
    let other = ReceiveMessage {
        subject: Some("An invoice".into()),
        ..inbound("mail_care", CUSTOMER, "m-1", "and another thing")
    };
    assert_eq!(floor.ok(&other).conversation, conversation);
    assert_eq!(floor.conversation(conversation).subject().unwrap().as_str(), "Your order");
    floor.close("ana", conversation);
    floor.pass(61);
    let second = floor.start_email("ana", CUSTOMER);
    floor.refuses(&under(second, "Re: an invoice"), Code::SubjectUsed);
}

#[test]
fn r28_a_pci_organization_sends_no_inline_image() {
    let (floor, conversation) = writing_at(Floor::with(|setup| setup.organization.pci = true));
    floor.refuses(&picture(conversation, png("logo", 10)), Code::ImageForbidden);
    floor.ok(&html(conversation, "<p>hello</p>", Vec::new()));
    let (floor, conversation) = writing();
    floor.passes(&picture(conversation, png("logo", 10)), Code::ImageForbidden);
}

#[test]
fn r29_each_image_is_measured_for_itself() {
    let (floor, conversation) = writing();
    let two = |second| {
        let shown = r#"<img src="inline:a"><img src="inline:b">"#;
        html(conversation, shown, vec![png("a", MAX_IMAGE_BYTES), png("b", second)])
    };
    let refusals = floor.refuses(&two(MAX_IMAGE_BYTES + 1), Code::ImageTooLarge);
    assert_eq!(fact(&refusals, &Code::ImageTooLarge, "image"), "b");
    assert_eq!(sent(&floor, &two(MAX_IMAGE_BYTES)).images.len(), 2);
}

#[test]
fn r30_exactly_fifteen_kib_pass_and_one_byte_more_does_not() {
    let (floor, conversation) = writing();
    let refusals = floor.refuses(&picture(conversation, png("logo", 15 * 1024 + 1)), Code::ImageTooLarge);
    assert_eq!(fact(&refusals, &Code::ImageTooLarge, "size"), "15361");
    assert_eq!(fact(&refusals, &Code::ImageTooLarge, "limit"), "15360");
    floor.passes(&picture(conversation, png("logo", 15 * 1024)), Code::ImageTooLarge);
    assert_eq!(sent(&floor, &picture(conversation, png("logo", 15 * 1024))).images[0].bytes.expose().len(), 15360);
}

#[test]
fn r31_an_inline_image_is_an_image_and_has_a_place_to_be_hosted() {
    let (floor, conversation) = writing();
    for media_type in
        ["text/html", "image/", "image/png\r\nSet-Cookie: a=b", "image/png; charset=é", "image/svg+xml", "IMAGE/PNG"]
    {
        let script = InlineImage { media_type: media_type.into(), ..png("logo", 10) };
        let refusals = floor.refuses(&picture(conversation, script), Code::ImageNotAnImage);
        assert_eq!(fact(&refusals, &Code::ImageNotAnImage, "media_type"), media_type);
    }
    floor.passes(&picture(conversation, png("logo", 10)), Code::ImageNotAnImage);
    floor.passes(&picture(conversation, png("logo", 10)), Code::ImageNoHost);
    floor.change(|setup| setup.organization.media_base_url = None);
    floor.refuses(&picture(conversation, png("logo", 10)), Code::ImageNoHost);
}

#[test]
fn r32_each_src_is_rewritten_to_the_url_of_its_image() {
    let (floor, conversation) = writing();
    let body = r#"<p>inline:logo</p><IMG alt="a" SRC = 'inline:logo'><img src="inline:seal"><img src=inline:logo>
        <img src="https://example.com/x.png">"#;
    let message = floor.ok(&html(conversation, body, vec![png("logo", 9), png("seal", 10)])).message;
    let written = content(&floor, message);
    let base = format!("https://media.acme.example/m/{message}");
    let expected = body
        .replace("'inline:logo'", &format!("'{base}/1'"))
        .replace("=inline:logo", &format!("={base}/1"))
        .replace("inline:seal", &format!("{base}/2"));
    assert_eq!(written.body.expose(), expected);
    let urls: Vec<_> = written.images.iter().map(|image| (&*image.name, image.url.to_string())).collect();
    assert_eq!(urls, [("logo", format!("{base}/1")), ("seal", format!("{base}/2"))]);
    let plain = sent(&floor, &text("ana", conversation, "<img src=inline:logo>"));
    assert_eq!(plain.body, Body::Text("<img src=inline:logo>".into()), "a text is no HTML");
}

#[test]
fn r32_what_is_given_is_shown_and_what_is_shown_is_given() {
    let (floor, conversation) = writing();
    let hidden = html(conversation, "<p>hello</p>", vec![png("logo", 10)]);
    let refusals = floor.refuses(&hidden, Code::ImageNotShown);
    assert_eq!(fact(&refusals, &Code::ImageNotShown, "image"), "logo");
    let absent = html(conversation, r#"<img src="inline:logo"><img src="inline:seal">"#, vec![png("logo", 10)]);
    let refusals = floor.refuses(&absent, Code::ImageNotGiven);
    assert_eq!(fact(&refusals, &Code::ImageNotGiven, "image"), "seal");
    let twice = html(conversation, r#"<img src="inline:logo">"#, vec![png("logo", 10), png("logo", 11)]);
    floor.refuses(&twice, Code::ImageNotShown);
    floor.passes(&picture(conversation, png("logo", 10)), Code::ImageNotShown);
    floor.passes(&picture(conversation, png("logo", 10)), Code::ImageNotGiven);
}

#[test]
fn r32_an_image_embedded_as_data_is_refused() {
    let (floor, conversation) = writing();
    for body in [
        r#"<img src="data:image/png;base64,AAAA">"#,
        "<p style='background: url( DATA:image/png;base64,AAAA )'>",
        r#"<img src=" &#68;ata&colon;image/png;base64,AAAA">"#,
        r#"<img srcset="https://acme.example/x.png 1x, data:image/png;base64,AAAA 2x">"#,
        r#"<object data="data:text/html,x">"#,
        r#"<a href="data:text/html,x">x</a>"#,
        r#"<meta http-equiv=refresh content="0; url=data:text/html,x">"#,
        "<style>p { background: url(data:image/png;base64,AAAA) }</style>",
    ] {
        floor.refuses(&html(conversation, body, Vec::new()), Code::ImageEmbedded);
    }
    let told = html(conversation, "<p>we never send data:image links</p>", Vec::new());
    floor.passes(&told, Code::ImageEmbedded);
}

#[test]
fn r33_an_image_is_kept_for_six_calendar_months() {
    let day = |year, month, day| -> DateTime<Utc> { Utc.with_ymd_and_hms(year, month, day, 9, 0, 0).unwrap() };
    let cases = [
        (day(2026, 3, 2), day(2026, 9, 2)),
        (day(2026, 8, 31), day(2027, 2, 28)),
        (day(2027, 8, 31), day(2028, 2, 29)),
    ];
    for (sent_at, expires) in cases {
        let floor = Floor::new();
        floor.advance((sent_at - start_of_time()).num_seconds());
        let (floor, conversation) = writing_at(floor);
        assert_eq!(sent(&floor, &picture(conversation, png("logo", 10))).images[0].expires, expires);
    }
}

#[test]
fn r34_content_ids_are_refused_on_the_way_out() {
    let (floor, conversation) = writing();
    for form in [
        r#"<img src="cid:logo@acme">"#,
        "<IMG SRC=CID:logo@acme>",
        "<img/src='\u{a0} cId:logo@acme '>",
        r#"<img src="&#99;id:logo@acme">"#,
        r#"<img src="&#x00063;&#105&#100;&colon;logo@acme">"#,
        "<img src=\"c\ni\td:logo@acme\">",
        "<img src=\"\u{1} cid:logo@acme\">",
        r#"<img alt=">" src="cid:logo@acme">"#,
        r#"<img srcset="https://acme.example/x.png 1x,cid:logo@acme 2x">"#,
        r#"<td background="cid:logo@acme">"#,
        r#"<a href="cid:logo@acme">"#,
        r#"<p style="background: \63 id:x; background: url(\63id:logo@acme)">"#,
        r#"<p style="background: url(/**/'c\69 d:logo@acme')">"#,
        "<style>@import 'cid:logo@acme';</style>",
        r#"<p style="background:url(c\id:logo@acme)">"#,
    ] {
        floor.refuses(&html(conversation, form, Vec::new()), Code::ContentIdNotSupported);
    }
    for words in [
        r#"<img alt="cid: yes" title="data: none">"#,
        "<p>src=\"cid:x\" url(cid:x)</p>",
        "<!-- cid:x <img src=cid:x> -->x",
    ] {
        floor.passes(&html(conversation, words, Vec::new()), Code::ContentIdNotSupported);
        floor.passes(&html(conversation, words, Vec::new()), Code::ImageEmbedded);
    }
    let with = |content_id| SendMessage { attachments: vec![attachment(content_id)], ..under(conversation, "Hi") };
    floor.refuses(&with(Some("logo@acme")), Code::ContentIdNotSupported);
    floor.passes(&with(None), Code::ContentIdNotSupported);
}

#[test]
fn r34_content_ids_are_kept_and_flagged_on_the_way_in() {
    let floor = Floor::new();
    let body = r#"<img src="cid:logo@home"><img src="data:image/png;base64,AA">"#;
    let mail = ReceiveMessage {
        body: Body::Html(body.into()),
        attachments: vec![attachment(Some("logo@home")), attachment(None)],
        ..inbound("mail_care", CUSTOMER, "m-1", "")
    };
    let received = floor.ok(&mail);
    let kept = content(&floor, received.message);
    assert_eq!(kept.body.expose(), body);
    let flags: Vec<_> = kept.attachments.iter().map(|it| it.content_id.as_deref()).collect();
    assert_eq!(flags, [Some("logo@home"), None]);
    assert!(matches!(floor.task(received.conversation), TaskState::Queued { .. }));
}

#[test]
fn r32_an_image_is_shown_however_its_src_is_written() {
    let (floor, conversation) = writing();
    let forms = [
        r#"<img src="inline:logo">"#,
        r#"<IMG SRC="INLINE:logo">"#,
        "<img sRc='Inline:logo' alt=logo>",
        "<img src=inline:logo>",
        "<img src=inline:logo alt=logo>",
        r#"<img src = "inline:logo">"#,
        "<img alt='é'\n\tsrc\n=\n'inline:logo'/>",
        r#"<img/src="inline:logo"/>"#,
        r#"<img alt="é"src="inline:logo">"#,
        r#"<p>é</p><img src="inline:logo""#,
        "<img src='inline:logo'",
        "<img src=inline:logo",
    ];
    for form in forms {
        let shown = html(conversation, form, vec![png("logo", 9)]);
        floor.passes(&shown, Code::ImageNotShown);
        floor.passes(&shown, Code::ImageNotGiven);
        let message = floor.ok(&shown).message;
        let marked = form.to_ascii_lowercase().find("inline:logo").unwrap();
        let url = format!("https://media.acme.example/m/{message}/1");
        let (before, rest) = form.split_at(marked);
        let (_, after) = rest.split_at("inline:logo".len());
        let expected = format!("{before}{url}{after}");
        assert_eq!(content(&floor, message).body.expose(), expected);
    }
}

#[test]
fn r32_what_only_looks_like_a_src_shows_nothing() {
    let (floor, conversation) = writing();
    let forms = [
        r#"<img data-src="inline:logo">"#,
        r#"<img xsrc="inline:logo">"#,
        r#"<img src:x="inline:logo">"#,
        r#"<img srcset="inline:logo">"#,
        r#"<p>hi</p><img src="inline:logo"#,
        r#"<img src="https://acme.example/inline:logo">"#,
        r#"<img src "inline:logo">"#,
        "<p>inline:logo</p>",
        "<p>one src",
        "<p>one src =",
        "<p>one src = '",
    ];
    for form in forms {
        floor.refuses(&html(conversation, form, vec![png("logo", 9)]), Code::ImageNotShown);
        let alone = html(conversation, form, Vec::new());
        assert_eq!(sent(&floor, &alone).body.expose(), form, "nor is an image missed, and nothing is rewritten");
    }
}

#[test]
fn r34_a_style_that_refers_to_a_part_or_holds_an_image_is_refused() {
    let (floor, conversation) = writing();
    let styled = |url: &str| html(conversation, &format!("<p style=\"background: {url}\">hello</p>"), Vec::new());
    for url in ["url(cid:x)", "url( 'CID:x' )", "URL(cid:x@acme)"] {
        floor.refuses(&styled(url), Code::ContentIdNotSupported);
        floor.passes(&styled(url), Code::ImageEmbedded);
    }
    for url in ["url(data:image/png;base64,AAAA)", "url( 'data:image/png;base64,AAAA' )"] {
        floor.refuses(&styled(url), Code::ImageEmbedded);
        floor.passes(&styled(url), Code::ContentIdNotSupported);
    }
}

#[test]
fn r34_words_that_end_as_a_scheme_are_words() {
    let (floor, conversation) = writing();
    let words =
        ["placid: yes", "metadata: x", "a cid: no", "some data: none", "cid:", "data:", "(data: 12/03)", "(cid: yes)"];
    for words in words {
        let told = html(conversation, &format!("<p>{words}</p>"), Vec::new());
        floor.passes(&told, Code::ContentIdNotSupported);
        floor.passes(&told, Code::ImageEmbedded);
        assert!(sent(&floor, &told).body.expose().contains(words));
    }
}

#[test]
fn r27_a_subject_on_an_inbound_sms_is_ignored() {
    let floor = Floor::new();
    floor.sign_in(&["ana"]);
    let texted = |provider: &str| ReceiveMessage {
        subject: Some("My parcel".into()),
        customer: Some(id("rita")),
        ..inbound("sms_care", NUMBER, provider, "where is it?")
    };
    for (provider, opened) in [("s-1", true), ("s-2", false)] {
        let received = floor.ok(&texted(provider));
        assert_eq!(received.opened, opened);
        assert_eq!(content(&floor, received.message).subject, None);
        assert_eq!(floor.conversation(received.conversation).subject(), None);
    }
    let mail = StartOutbound { customer: Some(id("rita")), ..email("ana", CUSTOMER) };
    let mail = floor.ok(&mail).conversation;
    floor.passes(&under(mail, "My parcel"), Code::SubjectUsed);
    floor.ok(&under(mail, "My parcel"));
}
