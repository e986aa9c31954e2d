//! The sentences in English: lower case, no full stop, values in back-ticks.

use super::{Code, Text};

pub(super) const fn text(code: &Code) -> Text {
    let (says, remedy) = match code {
        Code::AgentUnknown => ("agent `{agent}` is not in the directory", "add the agent to the set-up"),
        Code::LicenceNotPremium => (
            "agent `{agent}` has the licence `{licence}`, and starting a conversation needs `premium`",
            "give the agent a premium licence",
        ),
        Code::LicenceNoDigitalAccess => {
            ("agent `{agent}` has no access to digital channels", "give the agent access to digital channels")
        }
        Code::OrganizationNotDigital => {
            ("the organization has not enabled digital channels", "enable digital channels for the organization")
        }
        Code::AgentSignedOut => ("agent `{agent}` is not signed in", "sign the agent in"),
        Code::AgentSignedIn => ("agent `{agent}` is signed in to team `{team}` already", "sign the agent out first"),
        Code::AgentNotInTeam => {
            ("agent `{agent}` may not sign in to team `{team}`", "add the team to the agent, or choose one of theirs")
        }
        Code::AgentIdle => ("agent `{agent}` is idle with reason `{reason}`", "set the agent to available"),
        Code::AgentInRona => ("agent `{agent}` is in RONA", "recover from RONA, which also says what state follows"),
        Code::AgentNotInRona => ("agent `{agent}` is not in RONA but `{state}`", "set the state instead"),
        Code::AgentStateNotPerChannel => (
            "the profile of agent `{agent}` keeps one state for all channels",
            "set the state without a class, or let the profile keep states per channel",
        ),
        Code::AgentIdleReasonUnknown => {
            ("there is no idle reason `{reason}`", "choose one of the set-up's idle reasons")
        }
        Code::AgentHoldsWork => {
            ("agent `{agent}` still holds `{held}` tasks or interactions", "finish them, or sign out with `requeue`")
        }
        Code::ChannelNotOutbound => ("conversations cannot be started on `{channel}`", "choose sms or email"),
        Code::ProfileAbsent => (
            "agent `{agent}` has no multimedia profile, and neither the team nor its site has one",
            "give the agent, the team or the site a multimedia profile, or sign in to a team that has one",
        ),
        Code::ProfileChannelNotAllowed => {
            ("profile `{profile}` gives no slots for `{class}`", "give the profile slots for `{class}`")
        }
        Code::CapacityFull => {
            ("`{used}` of `{limit}` slots for `{class}` are held", "finish a task of that class, its wrap-up included")
        }
        Code::CapacityOutboundFull => (
            "`{used}` of `{limit}` slots for outbound tasks on `{class}` are held",
            "finish an outbound task of that class, its wrap-up included",
        ),
        Code::CapacityBlended => (
            "profile `{profile}` is `{blending}`, and what agent `{agent}` does now leaves no room for `{class}`",
            "finish the other work first",
        ),
        Code::EntryPointNoneConfigured => {
            ("no entry point for `{channel}` is configured", "configure an entry point for `{channel}`")
        }
        Code::EntryPointUnknown => ("there is no entry point `{entry_point}`", "choose one of the list"),
        Code::EntryPointOtherChannel => (
            "entry point `{entry_point}` is for `{found}`, not for `{channel}`",
            "choose an entry point for `{channel}`, or the channel `{found}`",
        ),
        Code::EntryPointDisabled => ("entry point `{entry_point}` is disabled", "enable it, or choose another"),
        Code::AddressNoCountryCode => {
            ("the number has no country code", "write it in international form, with `+` and the country code")
        }
        Code::AddressNotANumber => {
            ("this is not a phone number: {problem}", "write `+`, the country code and the number")
        }
        Code::AddressNumberNotValid => ("there is no such phone number", "check the number"),
        Code::AddressCannotReceiveSms => {
            ("the number is of kind `{line}`, which cannot receive SMS", "use a mobile number")
        }
        Code::AddressNotAnEmail => ("this is not an e-mail address: {problem}", "write it as `name@domain`"),
        Code::AddressOtherChannel => (
            "nobody can be written to by `{channel}` at this address",
            "use an address of the channel, or another channel",
        ),
        Code::CustomerMismatch => (
            "the address belongs to customer `{customer}`, not to `{given}`",
            "leave the customer out, or name `{customer}`",
        ),
        Code::ConsentOptedOut => (
            "the customer wants no messages, since {since} (scope: {scope}, told by: {by})",
            "wait until the customer asks for messages again",
        ),
        Code::ConsentSuppressed => (
            "nobody is reached under this address; it is not written to until {until} (since {since}, told by: {by})",
            "use another address, or lift the suppression",
        ),
        Code::ConversationExists => (
            "conversation `{conversation}` with this customer is not closed: it is `{status}`, held by {holder}",
            "go on in that conversation, close it, take it over where a queue or a parking place holds it, or ask its holder",
        ),
        Code::ConversationHeld => (
            "conversation `{conversation}` cannot be had this way: it is `{status}`, held by {holder}",
            "ask its holder to hand it over, or take it over once it is queued or parked",
        ),
        Code::ConversationUnknown => ("there is no conversation `{conversation}`", "check the id"),
        Code::ConversationClosed => {
            ("conversation `{conversation}` was closed at {at}", "start a new conversation; it keeps the history")
        }
        Code::TaskNotYours => {
            ("the task is not held by agent `{agent}` but by {holder}", "ask its holder, or have it transferred")
        }
        Code::TaskNotActive => ("the task is `{status}`, not active", "wait until it is active again"),
        Code::TaskFrozen => (
            "the task is frozen until `{target}` answers, at the latest at {until}",
            "wait for the answer, or cancel the transfer",
        ),
        Code::TaskHeldByAgent => {
            ("the task is held by agent `{holder_agent}`", "let that agent do it, or sign the agent out with `requeue`")
        }
        Code::HolderPresent => ("the task's holder is still in the directory", "leave it there, or transfer it"),
        Code::MessageBlank => ("the message is blank", "write something"),
        Code::MessageTooLong => ("the message has `{length}` {unit}, and `{limit}` are the most", "shorten it"),
        Code::MessageTooManySegments => (
            "the message takes `{segments}` segments in `{encoding}`, and `{limit}` are the most",
            "shorten it; with something near for the characters that are not in gsm7 (`{forced}`) it would take `{plainer_segments}`",
        ),
        Code::MessageEmailOnly => ("{what} cannot go by `{channel}`", "leave it out, or write by e-mail"),
        Code::MessageDeadlinePassed => {
            ("the message's deadline {deadline} has passed", "give a later deadline, or none")
        }
        Code::TemplateUnknown => ("there is no template `{template}`", "choose one of the set-up's templates"),
        Code::TemplateOtherChannel => {
            ("template `{template}` is for `{found}`, not for `{channel}`", "choose a template for `{channel}`")
        }
        Code::TemplateVariablesMissing => {
            ("template `{template}` lacks values for `{variables}`", "give a value for each of them")
        }
        Code::TemplateVariablesUnknown => ("template `{template}` has no variables `{variables}`", "leave them out"),
        Code::TemplateValueNotALine => (
            "the value of `{variables}` in the subject of template `{template}` is not one line",
            "leave out the line break",
        ),
        Code::SubjectMissing => ("the first e-mail of a conversation needs a subject", "give a subject"),
        Code::SubjectNotASubject => ("this is not a subject: {problem}", "write one line that is not blank"),
        Code::SubjectUsed => (
            "the subject was used with this customer in conversation `{conversation}`",
            "choose a subject not used before with this customer",
        ),
        Code::HtmlCleaned => {
            ("the HTML holds what a mail must not: `{removed}`", "leave it out; without it the message can be sent")
        }
        Code::AttachmentTooMany => ("`{count}` files are attached, and `{limit}` are the most", "attach fewer"),
        Code::AttachmentTooLarge => {
            ("attachment `{attachment}` has `{size}` bytes, and `{limit}` are the most", "send a link to it instead")
        }
        Code::AttachmentTotalTooLarge => (
            "attachments and images have `{size}` bytes together, and `{limit}` are the most",
            "attach less, or send links instead",
        ),
        Code::AttachmentTypeForbidden => (
            "attachment `{attachment}` is of the media type `{media_type}` and the extension `{extension}`, which may not be sent",
            "send it in another form",
        ),
        Code::AttachmentNameNotAcceptable => {
            ("the name of attachment `{attachment}` is not acceptable: {problem}", "give the file another name")
        }
        Code::ImageForbidden => {
            ("inline images are forbidden in an organization with PCI integration", "leave the images out")
        }
        Code::ImageTooLarge => ("image `{image}` has `{size}` bytes, and `{limit}` are the most", "make it smaller"),
        Code::ImageNotAnImage => (
            "`{image}` has the media type `{media_type}`, which is not that of an image that every mail program shows",
            "use `image/png`, `image/jpeg`, `image/gif` or `image/webp`, or attach it as a file",
        ),
        Code::ImageNotAsDeclared => (
            "`{image}` is declared as `{media_type}`, and its bytes are `{found}`",
            "declare what it is, or give another image",
        ),
        Code::ImageNoHost => {
            ("the organization has no place to host inline images", "give the set-up a `media_base_url`")
        }
        Code::ImageNotShown => {
            ("image `{image}` is not shown in the text", "show it as `inline:{image}`, or leave it out")
        }
        Code::ImageNotGiven => {
            ("the text shows image `{image}`, which was not given", "give the image, or leave it out")
        }
        Code::ImageEmbedded => {
            ("the text embeds an image's data", "give the image by itself and show it as `inline:` and its name")
        }
        Code::ContentIdNotSupported => (
            "multipart e-mail with Content-ID parts is not supported",
            "give images by themselves, and show them as `inline:` and their name",
        ),
        Code::ZoneUnknown => ("there is no time zone `{zone}`", "give one that the host's table of zones knows"),
        Code::HoursQuiet => (
            "it is {local} at the recipient's, in `{zone}`, and quiet there until {opens}",
            "send it when the quiet hours are over",
        ),
        Code::CapsReached => (
            "the customer was written to `{used}` times within `{seconds}` seconds, and `{limit}` are the most",
            "wait until there is room again",
        ),
        Code::OverrideNotAllowed => {
            ("the set-up does not let an agent override `{what}`", "send it without an override, or change the set-up")
        }
        Code::CustomerWroteMeanwhile => {
            ("the customer wrote message `{message}` meanwhile", "read it, and send again saying that it was seen")
        }
        Code::WorkflowUnknown => ("there is no workflow `{workflow}`", "choose one of the set-up's workflows"),
        Code::WorkflowEventOnly => (
            "workflow `{workflow}` fires on events, and none fires for an outbound conversation",
            "trigger a manual workflow",
        ),
        Code::ConferenceNotSupported => ("an outbound conversation cannot become a conference", "transfer it instead"),
        Code::OfferNotPending => ("the offer is over", "look at the task again"),
        Code::OfferNotYours => ("the offer is for agent `{target}`", "let that agent answer"),
        Code::OfferLapsed => ("the offer lapsed at {deadline}", "look at the task again"),
        Code::TransferPending => (
            "agent `{agent}` has a transfer pending, of conversation `{conversation}`",
            "wait for its answer, or cancel it",
        ),
        Code::TransferNotPending => {
            ("no transfer of conversation `{conversation}` is pending", "look at the task again")
        }
        Code::TransferToSelf => ("agent `{agent}` cannot transfer a task to themselves", "choose somebody else"),
        Code::TransferHopLimit => ("the task was transferred `{hops}` times, and `{limit}` are the most", "finish it"),
        Code::TargetUnknown => ("agent `{target}` is not in the directory", "choose one of the list"),
        Code::TargetSignedOut => ("agent `{target}` is not signed in", "choose an agent who is available"),
        Code::TargetNotAvailable => ("agent `{target}` is `{state}`", "choose an agent who is available"),
        Code::TargetNotEquipped => {
            ("agent `{target}` cannot work on `{channel}`: {problem}", "choose another agent, or change the set-up")
        }
        Code::TargetFull => {
            ("agent `{target}` holds `{used}` of `{limit}` slots for `{class}`", "choose another agent")
        }
        Code::TargetBlended => (
            "agent `{target}` works in a way that leaves no room for `{class}`: the profile is `{blending}`",
            "choose another agent",
        ),
        Code::TargetWrapsUp => (
            "agent `{target}` still owes the wrap-up reason of this very conversation",
            "let them wrap up first, or choose another agent",
        ),
        Code::TargetNotInQueue => {
            ("agent `{target}` does not serve queue `{queue}`", "choose an agent of the queue's teams")
        }
        Code::QueueUnknown => ("there is no queue `{queue}`", "choose one of the list"),
        Code::QueueOtherChannel => ("queue `{queue}` does not take `{channel}`", "choose another queue"),
        Code::QueueEmpty => ("nothing waits in queue `{queue}`", "ask again when something does"),
        Code::QueueNoAgent => ("nobody can take the next task of queue `{queue}`", "ask again when somebody can"),
        Code::HandoverNotAsked => ("nobody asks to be handed this conversation", "look at the task again"),
        Code::HandoverPending => {
            ("agent `{by}` has asked for this conversation already", "wait until that request is answered or lapses")
        }
        Code::ParkingNotAllowed => (
            "a task cannot be parked until {until}: it must be later than now, and not later than {limit}",
            "choose another time",
        ),
        Code::ParkingNotParked => {
            ("conversation `{conversation}` is not parked but `{status}`", "look at the task again")
        }
        Code::WrapUpNotOwed => {
            ("agent `{agent}` owes no wrap-up reason for conversation `{conversation}`", "look at the task again")
        }
        Code::WrapUpReasonUnknown => {
            ("there is no wrap-up reason `{reason}`", "choose one of the set-up's wrap-up reasons")
        }
        Code::WrapUpExtensionsUsed => {
            ("the wrap-up was extended `{used}` times, and `{limit}` are the most", "give the wrap-up reason")
        }
        Code::InteractionKnown => ("interaction `{interaction}` holds a slot already", "end it first"),
        Code::InteractionUnknown => ("interaction `{interaction}` holds no slot", "check the id"),
        Code::MessageUnknown => ("there is no such message", "check the id"),
        Code::MessageNotSent => {
            ("the message came from the customer; it has no delivery", "name a message that was sent")
        }
        Code::MessageNotFailed => (
            "message `{message}` is `{status}`: only what failed or expired is sent again",
            "wait until it is sent or fails",
        ),
        Code::MessageRetried => {
            ("message `{message}` was sent again already, as `{retry}`", "look at that message instead")
        }
        Code::DeliveryBacklog => (
            "`{used}` messages of the conversation wait to be sent, and `{limit}` are the most",
            "wait until one of them has left",
        ),
        Code::DeliveryNotDue => ("the message is not due for an attempt", "ask for what is due"),
        Code::Host(_) => ("{says}", "{remedy}"),
    };
    Text { says, remedy }
}
