// What the server sends. Written by `python -m tests.scripts.wire_types`.

export interface AgentAtWork {
  agent: AgentOut;
  load: number;
  capacity: number;
  is_warm: boolean;
  owed: OwedOut;
  today: TodayOut;
}

export interface AgentOut {
  id: string;
  name: string;
  email: string;
  role: Role;
  state: AgentState;
  state_reason: string | null;
  state_since: string;
  skills: Array<string>;
  load: number;
  capacity: number | null;
  may_pick: boolean;
  may_open: boolean;
  signature: string | null;
  signs_replies: boolean;
  online_since: string | null;
  missed_offers: number;
  retired_at: string | null;
}

export type AgentState = "online" | "back_soon" | "away" | "offline";

export interface AgentTargetOut {
  id: string;
  name: string;
  state: AgentState;
  reason: string | null;
  load: number;
  capacity: number;
  free_slots: number | null;
}

export type AlertKind = "waiting_long" | "nobody_online" | "connector_paused" | "texts_refused" | "bound_reached" | "line_broken" | "export_failing";

export interface AlertOut {
  id: number;
  kind: AlertKind;
  subject: string;
  name: string;
  began_at: string;
  ended_at: string | null;
}

export type Author = "consumer" | "agent" | "bot" | "system" | "note";

export type Automatic = "first_welcome" | "welcome" | "first_welcome_off_hours" | "welcome_off_hours" | "off_hours" | "agent_joined" | "transferred_to_skill" | "transferred_to_agent" | "returned_to_queue" | "manager_joined" | "manager_left" | "waiting_in_queue" | "agent_silent" | "consumer_silent" | "response_time_changed" | "closed_by_agent" | "auto_close_warning" | "auto_closed" | "survey_question" | "survey_retry" | "survey_resolved" | "survey_recommend" | "survey_comment" | "survey_thanks" | "survey_expired" | "survey_unrecognised" | "media_refused" | "opted_out" | "opted_in" | "help";

export interface BeatMessage {
  now: string;
  waiting: number | null;
  is_live: boolean;
}

export interface BeganOut {
  words: string;
  reason: string;
  reference: string;
  note: string;
  link: string;
  follows: string | null;
}

export interface BoardBoot {
  account: string;
  time_zone: string;
  now: string;
  own: Own;
  board: BoardMessage;
  people: Record<string, string>;
  skills: Record<string, string>;
  skill_ends: Record<string, SkillEnd>;
  labels: Record<string, LabelName>;
  closing_reasons: Record<string, ReasonName>;
  supervises: boolean;
  administers: boolean;
}

export interface BoardMessage {
  as_of: number;
  is_whole: boolean;
  agents: Array<AgentAtWork>;
  gone_agents: Array<string>;
  queues: Array<QueueOut>;
  gone_queues: Array<string>;
  alerts: Array<AlertOut> | null;
  paused_connectors: Array<PausedConnector> | null;
  bots: Array<BotAtWork> | null;
  today: TodayOut | null;
  present: BoardPresentOut | null;
}

export interface BoardPresentOut {
  open: number;
  waiting: number;
  assigned: number;
  unanswered: number;
  overdue: number;
  soon_overdue: number;
  load_percent: number | null;
  agents_by_state: Record<string, number>;
  ratings: RatingsOut;
}

export interface Boot {
  account: string;
  time_zone: string;
  now: string;
  as_of: number;
  own: Own;
  counts: Counts;
  offers: Array<Row>;
  people: Record<string, string>;
  colleagues: Array<string>;
  skills: Record<string, string>;
  skill_ends: Record<string, SkillEnd>;
  labels: Record<string, LabelName>;
  closing_reasons: Record<string, ReasonName>;
  lines: Array<LineName>;
  line_names: Record<string, string>;
  supervises: boolean;
  administers: boolean;
}

export interface BotAtWork {
  id: string;
  name: string;
  conversations: number;
  paused_until: string | null;
}

export interface BulkAction {
  kind: BulkKind;
  skill: string | null;
  agent: string | null;
  note: string | null;
  add: Array<string>;
  remove: Array<string>;
  priority: Priority | null;
  reason: string | null;
  asks_rating: boolean;
}

export interface BulkCount {
  count: number;
  most: number;
}

export interface BulkItemOut {
  conversation_id: string;
  state: ItemState;
  code: string | null;
  sentence: string | null;
  done_at: string | null;
}

export interface BulkJobOut {
  id: string;
  action: BulkAction;
  status: BulkStatus;
  agent_id: string;
  total: number;
  waiting: number;
  done: number;
  refused: number;
  undoes: string | null;
  undone_by: string | null;
  can_be_undone: boolean;
  created_at: string;
  ended_at: string | null;
}

export type BulkKind = "transfer" | "label" | "priority" | "close" | "opt_out";

export type BulkStatus = "running" | "done" | "cancelled" | "stopped";

export interface CandidateOut {
  agent_id: string;
  name: string;
  load: number;
  capacity: number;
  chosen: boolean;
  why: string;
}

export interface CloseAction {
  kind: "close";
  reason: string | null;
}

export type CloseReason = "agent" | "manager" | "bot" | "auto_close" | "opt_out" | "blocked" | "system";

export interface CommandAnswer {
  conversation_id: string;
  message_id: string | null;
}

export interface ConnectorPauseOut {
  paused_at: string;
  try_at: string;
  tries: number;
  code: string;
  sentence: string;
  provider_code: string | null;
}

export interface ConsumerConversation {
  id: string;
  line_id: string;
  status: Status;
  opened_at: string;
  last_message_at: string | null;
  last_text: string | null;
}

export interface ConsumerDetail {
  id: string;
  number: string;
  number_shown: string;
  kept_id: string;
  name: string | null;
  language: string | null;
  language_source: LanguageSource | null;
  email: string | null;
  note: string | null;
  fields: Array<ConsumerFieldValue>;
  revision: number;
  numbers: Array<ConsumerNumber>;
  last_text_at: string | null;
  is_opted_out: boolean;
  opted_out_lines: Array<string>;
  blocked_at: string | null;
  blocked_reason: string | null;
}

export interface ConsumerFieldValue {
  id: string;
  name: string;
  kind: FieldKind;
  choices: Array<string>;
  is_required: boolean;
  may_edit: boolean;
  value: string | boolean | null;
}

export interface ConsumerInList {
  id: string;
  number: string;
  number_shown: string;
  kept_id: string;
  name: string | null;
  language: string | null;
  language_source: LanguageSource | null;
  email: string | null;
  numbers: Array<string>;
  seen_at: string;
  newest_conversation: ConsumerConversation | null;
  open_conversation: ConsumerConversation | null;
}

export interface ConsumerNumber {
  consumer_id: string;
  number: string;
  number_shown: string;
  language: string | null;
  last_text_at: string | null;
  is_opted_out: boolean;
  opted_out_lines: Array<string>;
  blocked_at: string | null;
  merged_at: string | null;
  merged_by: string | null;
}

export interface ConsumerOut {
  id: string;
  number: string;
  number_shown: string;
  kept_id: string;
  name: string | null;
  language: string | null;
  language_source: LanguageSource | null;
}

export interface ContextOut {
  reason: string;
  reference: string;
  note: string;
  link: string;
}

export interface ConversationMessage {
  conversation: Row;
  opened: Opened | null;
  upcoming: Array<UpcomingOut> | null;
}

export interface ConversationOut {
  id: string;
  line_id: string;
  consumer: ConsumerOut;
  status: Status;
  pending_side: PendingSide;
  skill_id: string | null;
  agent_id: string | null;
  bot_id: string | null;
  bot_name: string | null;
  opened_by: string;
  opened_at: string;
  assigned_at: string | null;
  closed_at: string | null;
  close_reason: CloseReason | null;
  closed_by: string | null;
  priority: Priority;
  auto_close_at: string | null;
  last_message_at: string | null;
  last_text: string | null;
  waiting_since: string | null;
  response_due_at: string | null;
  response_is_manual: boolean;
  response_state: ResponseState | null;
  next_open_at: string | null;
  offered_agent_id: string | null;
  offer_ends_at: string | null;
  message_count: number;
  language: string | null;
  deadlines: Array<DeadlineOut>;
  scheduled_texts: Array<ScheduledTextOut>;
  is_auto_close_held: boolean;
  opt_out_wished_at: string | null;
  origin: OriginOut;
  closed_at_once: boolean;
  survey: SurveyOut | null;
  snoozed_at: string | null;
  snoozed_until: string | null;
  closing_reason_id: string | null;
  unread: number;
  is_marked_unread: boolean | null;
  has_failed_text: boolean;
  label_ids: Array<string>;
}

export interface ConversationPanel {
  id: string;
  name: string;
  url: string | null;
  missing: Array<string>;
}

export interface ConversationPanels {
  panels: Array<ConversationPanel>;
}

export interface Counts {
  mine: number;
  unanswered: number;
  waiting: number;
  snoozed: number;
}

export type DeadlineKind = "bot_late" | "offer_lapses" | "agent_transfer_fallback" | "waiting_in_queue" | "agent_nudge" | "agent_silent" | "agent_silent_reroute" | "consumer_silent" | "auto_close_warning" | "auto_close" | "scheduled_text" | "snooze_ends" | "survey_expires" | "late_answers_end" | "hours_refresh";

export interface DeadlineOut {
  kind: DeadlineKind;
  at: string;
  why: string;
  since: string | null;
}

export type DecisionKind = "skill" | "fallback" | "assigned" | "offered" | "picked" | "waiting";

export interface DecisionOut {
  id: number;
  kind: DecisionKind;
  at: string;
  ticket: number;
  skill_id: string | null;
  agent_id: string | null;
  reason: string;
  candidates: Array<CandidateOut>;
}

export type Doing = "looks" | "types" | "left";

export interface DraftMessage {
  conversation_id: string;
  surface: Surface;
  revision: number;
}

export interface DraftOut {
  conversation_id: string;
  surface: Surface;
  text: string;
  media: Array<string>;
  saved_reply: string | null;
  revision: number;
  updated_at: string | null;
}

export interface EarlierPage {
  items: Array<Past>;
  next: string | null;
}

export interface Entries {
  conversation_id: string;
  as_of: number;
  entries: Array<Entry>;
  earlier: boolean;
  later: boolean;
}

export interface Entry {
  id: number;
  kind: "message" | "event";
  at: string;
  message: MessageOut | null;
  by: Writer | null;
  label: string | null;
  delivery: string | null;
  sentence: string | null;
  rating: Rating | null;
  leads_to: string | null;
  leaves_at: string | null;
  planned_at: string | null;
  is_survey: boolean;
  sends_again: string | null;
  is_sent_again: boolean;
  command: string | null;
}

export interface ExcerptPart {
  text: string;
  is_found: boolean;
}

export type FieldKind = "text" | "number" | "date" | "choice" | "yes_no" | "link";

export interface FilledText {
  text: string;
  missing: Array<string>;
}

export type FollowUp = "resolved" | "recommend" | "comment";

export interface FollowUpOut {
  question: FollowUp;
  value: number | null;
  text: string | null;
}

export interface FollowedUp {
  question: string;
  answer: string;
}

export type FoundBy = "id" | "number" | "name" | "words";

export interface FoundConversationOut {
  conversation: ConversationOut;
  found_by: FoundBy;
  message_id: string | null;
  found_at: string | null;
  excerpt: Array<ExcerptPart>;
}

export interface FoundLine {
  id: string;
  name: string;
  address: string;
}

export interface FoundPerson {
  id: string;
  name: string;
}

export interface FoundSkill {
  id: string;
  name: string;
}

export interface GoneMessage {
  conversation_id: string;
}

export type ItemState = "waiting" | "done" | "refused";

export interface LabelAction {
  kind: "label";
  label: string;
}

export type LabelColour = "grey" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "purple" | "pink";

export interface LabelName {
  name: string;
  colour: LabelColour;
  is_retired: boolean;
}

export interface Language {
  code: string;
  name: string;
}

export interface LanguageOut {
  code: string;
  name: string;
  source: string;
  choices: Array<Language>;
}

export type LanguageSource = "agent" | "api" | "recognised";

export interface LineName {
  id: string;
  name: string;
  address: string;
  smart_encoding: boolean;
}

export type ListOrder = "newest" | "longest_waiting" | "due_first";

export interface Listing {
  view: "mine" | "snoozed" | "waiting" | "done" | "mentions" | "all";
  as_of: number;
  now: string;
  conversations: Array<Row>;
  counts: Counts;
  next: string | null;
}

export interface LoggedIn {
  token: string;
  expires_at: string;
  agent: AgentOut;
}

export interface MediaOut {
  id: string | null;
  state: MediaState;
  content_type: string;
  size: number | null;
  width: number | null;
  height: number | null;
  url: string | null;
  thumbnail_url: string | null;
  failure_code: string | null;
  failure_sentence: string | null;
  try_at: string | null;
}

export type MediaState = "pending" | "stored" | "failed";

export interface MessageOut {
  id: string;
  position: number;
  author: Author;
  agent_id: string | null;
  bot_id: string | null;
  bot_name: string | null;
  automatic: Automatic | null;
  text: string;
  media: Array<MediaOut>;
  is_truncated: boolean;
  segments: number;
  encoding: string | null;
  written_at: string;
  sent_at: string | null;
  status: MessageStatus;
  status_at: string;
  failure_code: string | null;
  failure_sentence: string | null;
  provider_code: string | null;
  provider_message: string | null;
  billed_segments: number | null;
  price: string | null;
  price_currency: string | null;
  waiting_reason: string | null;
  parts: number | null;
  parts_delivered: number | null;
  parts_received: number | null;
  late_part_of: string | null;
  may_send_again: boolean;
}

export type MessageStatus = "received" | "written" | "queued" | "sending" | "unknown" | "sent" | "delivered" | "undelivered" | "failed";

export type NoticeKind = "given" | "text" | "note" | "mention" | "transferred" | "offered" | "overdue" | "taken_away" | "state_set" | "alert";

export interface NoticeMessage {
  kind: "rated";
  conversation_id: string;
  consumer: string;
  rating: Rating;
  comment: string | null;
}

export interface NoticeOut {
  id: number;
  kind: NoticeKind;
  at: string;
  title: string;
  body: string | null;
  conversation_id: string | null;
  consumer_name: string | null;
  consumer_number: string | null;
  skill_id: string | null;
  by_agent_id: string | null;
  why: string | null;
  times: number;
  due_at: string | null;
  read_at: string | null;
}

export interface NoticesMessage {
  notices: Array<NoticeOut>;
  unread: number | null;
}

export interface OfferedReplies {
  items: Array<OfferedReply>;
}

export interface OfferedReply {
  id: string;
  title: string;
  name: string;
  is_shared: boolean;
  language: string;
  texts: Record<string, FilledText>;
  actions: Array<LabelAction | PriorityAction | TransferAction | CloseAction>;
  uses: number;
}

export interface Opened {
  conversation_id: string;
  as_of: number;
  row: Row;
  consumer: ConsumerDetail;
  rights: RightsOut;
  began: BeganOut | null;
  upcoming: Array<UpcomingOut>;
  scheduled: Array<ScheduledOut>;
  language: LanguageOut;
  followed_up: Array<FollowedUp>;
  earlier: EarlierPage;
  may_send_pictures: boolean;
  smart_encoding: boolean;
}

export type OriginKind = "text" | "source" | "notification" | "call" | "proactive" | "follow_up";

export interface OriginOut {
  kind: OriginKind;
  id: string | null;
  title: string;
  message_id: string | null;
  context: ContextOut;
}

export interface OwedOut {
  unanswered: number;
  overdue: number;
  since: string | null;
}

export interface Own {
  agent: AgentOut;
  capacity: number;
  ratings: RatingsOut;
  reasons: Array<string>;
}

export interface Past {
  id: string;
  status: Status;
  opened_at: string;
  number: string | null;
  line: string;
  skill: string | null;
  agent: string | null;
  closing_reason: string | null;
  labels: Array<PastLabel>;
  rating: Rating | null;
  last_text: string | null;
}

export interface PastLabel {
  id: string;
  name: string;
  colour: string;
}

export interface PausedConnector {
  id: string;
  name: string;
  pause: ConnectorPauseOut;
}

export type PendingSide = "agent" | "consumer";

export interface PeopleMessage {
  agent: AgentOut;
}

export interface PresenceMessage {
  conversation_id: string;
  people: Array<PresentOut>;
}

export interface PresentOut {
  agent_id: string;
  name: string;
  doing: Doing;
}

export interface PriceOut {
  amount: number;
  currency: string;
}

export type Priority = "low" | "normal" | "high" | "urgent";

export interface PriorityAction {
  kind: "priority";
  priority: Priority;
}

export interface QueueOut {
  skill_id: string;
  name: string;
  waiting: number;
  overdue: number;
  oldest_at: string | null;
  due_at: string | null;
  ages: Array<number>;
}

export interface Rating {
  words: string;
  stars: number | null;
  is_satisfied: boolean;
  is_late: boolean;
}

export interface RatingsOut {
  answers: number;
  satisfied: number;
  percent: number | null;
}

export interface ReadingOut {
  conversation_id: string;
  position: number;
  unread: number;
  is_marked: boolean;
}

export interface ReasonName {
  name: string;
  skills: Array<string>;
  is_retired: boolean;
}

export interface ReloadMessage {
  as_of: number | null;
}

export type ResponseState = "overdue" | "soon_overdue" | "idle" | "ongoing";

export interface RightsOut {
  may_reply: boolean;
  may_note: boolean;
  may_handle: boolean;
  may_return: boolean;
  may_pick: boolean;
  may_join: boolean;
  may_leave: boolean;
  may_take_over: boolean;
  may_opt_out: boolean;
  may_resume: boolean;
  may_snooze: boolean;
  may_set_closing_reason: boolean;
  may_block: boolean;
  refusal: string | null;
}

export type Role = "agent" | "manager" | "admin";

export interface Row {
  id: string;
  line_id: string;
  consumer: ConsumerOut;
  status: Status;
  pending_side: PendingSide;
  skill_id: string | null;
  agent_id: string | null;
  bot_id: string | null;
  bot_name: string | null;
  opened_by: string;
  opened_at: string;
  assigned_at: string | null;
  closed_at: string | null;
  close_reason: CloseReason | null;
  closed_by: string | null;
  priority: Priority;
  auto_close_at: string | null;
  last_message_at: string | null;
  last_text: string | null;
  waiting_since: string | null;
  response_due_at: string | null;
  response_is_manual: boolean;
  response_state: ResponseState | null;
  next_open_at: string | null;
  offered_agent_id: string | null;
  offer_ends_at: string | null;
  message_count: number;
  language: string | null;
  deadlines: Array<DeadlineOut>;
  scheduled_texts: Array<ScheduledTextOut>;
  is_auto_close_held: boolean;
  opt_out_wished_at: string | null;
  origin: OriginOut;
  closed_at_once: boolean;
  survey: SurveyOut | null;
  snoozed_at: string | null;
  snoozed_until: string | null;
  closing_reason_id: string | null;
  unread: number;
  is_marked_unread: boolean | null;
  has_failed_text: boolean;
  label_ids: Array<string>;
  as_of: number;
  rating: Rating | null;
  wait: Wait | null;
}

export interface SavedReplyOut {
  id: string;
  title: string;
  name: string;
  agent_id: string | null;
  texts: Record<string, string>;
  skills: Array<string>;
  actions: Array<LabelAction | PriorityAction | TransferAction | CloseAction>;
  uses: number;
  updated_at: string;
}

export interface ScheduledOut {
  id: string;
  text: string;
  at: string;
  unless_answered: boolean;
  is_own: boolean;
  agent_name: string | null;
  may_cancel: boolean;
  held_because: string | null;
}

export interface ScheduledTextOut {
  id: string;
  agent_id: string;
  text: string;
  at: string;
  due_at: string;
  held_because: string | null;
  unless_answered: boolean;
}

export interface SearchOut {
  conversations: Array<FoundConversationOut>;
  people: Array<FoundPerson>;
  lines: Array<FoundLine>;
  skills: Array<FoundSkill>;
  is_complete: boolean;
}

export interface SignatureOut {
  text: string | null;
  is_on: boolean;
}

export interface SkillEnd {
  needs_reason: boolean;
  may_skip_rating: boolean;
}

export interface SkillTargetOut {
  id: string;
  name: string;
  holders: number;
  online: number;
  free: number;
  waiting: number;
}

export type Status = "waiting" | "assigned" | "survey" | "closed";

export type Surface = "reply" | "note";

export interface SurveyOut {
  outcome: SurveyOutcome | null;
  score: number | null;
  scale: string | null;
  is_satisfied: boolean | null;
  is_late: boolean;
  comment: string | null;
  answers: Array<FollowUpOut>;
  agent_id: string | null;
  skill_id: string | null;
  asked_at: string | null;
  answered_at: string | null;
}

export type SurveyOutcome = "completed" | "ignored" | "unrecognised" | "expired" | "interrupted" | "opted_out";

export interface TargetsOut {
  skills: Array<SkillTargetOut>;
  agents: Array<AgentTargetOut>;
}

export interface TodayOut {
  handled: number;
  closed: number;
  first_response_seconds: number | null;
  ratings: RatingsOut;
}

export interface TransferAction {
  kind: "transfer";
  skill: string | null;
  agent: string | null;
}

export interface UpcomingOut {
  kind: DeadlineKind;
  at: string;
  since: string | null;
  sentence: string;
}

export type View = "mine" | "snoozed" | "waiting" | "done" | "mentions" | "all";

export interface ViewFilters {
  view: View;
  status: Array<Status>;
  agent: string | null;
  skill: string | null;
  line: string | null;
  label: Array<string>;
  priority: Array<Priority>;
  number_part: string | null;
  unanswered: boolean;
  waits_minutes: number | null;
  overdue: boolean;
  unread: boolean;
  failed: boolean;
  sort: ListOrder | null;
}

export interface ViewOut {
  id: string;
  name: string;
  is_shared: boolean;
  filters: ViewFilters;
  count: number | null;
  created_at: string;
}

export interface ViewsOut {
  items: Array<ViewOut>;
}

export interface Wait {
  since: string;
  order: string;
  because: string | null;
}

export interface Writer {
  kind: Author;
  id: string | null;
  name: string | null;
}

export interface WritingOut {
  longest_text: number;
  encodes_smartly: boolean;
  may_send_pictures: boolean;
  segment_price: PriceOut | null;
  drafts: Array<DraftOut>;
}

export interface Messages {
  conversation: ConversationMessage;
  entries: Entries;
  gone: GoneMessage;
  own: Own;
  counts: Counts;
  people: PeopleMessage;
  notice: NoticeMessage;
  draft: DraftMessage;
  notices: NoticesMessage;
  presence: PresenceMessage;
  reading: ReadingOut;
  reload: ReloadMessage;
  beat: BeatMessage;
}

export interface BoardMessages {
  board: BoardMessage;
  own: Own;
  notices: NoticesMessage;
  reload: ReloadMessage;
  beat: BeatMessage;
}
