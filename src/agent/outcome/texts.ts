// The agent's own words for limits, credit, login and trouble, for where no field says it: older versions send
// few. Read in both CLI versions (facts/claude-code.md 4, “Texts for limits, credit and login”). Compared only
// with texts of synthetic messages and error results, and only from their beginning: what stands behind it may be
// a gateway's words. Only a few of those are known well enough to be believed.

/** What the CLI itself takes for a limit message, of a plan or of spend. */
const LIMIT_STARTS: readonly string[] = [
  "You've hit your ",
  "You've reached your ",
  "You're out of usage credits",
  "You're out of extra usage",
  'Your org is out of usage',
  "Your seat type doesn't include",
  'This service is disabled for your org',
  'Your usage allocation has been disabled by your admin',
  "Your group's usage limit is set to $0",
  'Usage is paused for your organization',
];
const REQUIRES_CREDITS = /^(?:Fable|Haiku|Mythos|Opus|Sonnet)(?: [^·\n]{1,40})? requires usage credits/;
/** What the agent says before it repeats the words of the API or of a gateway. */
const REPEATED =
  /^API Error: (?:Request rejected \(429\) · |Server is temporarily limiting requests \(not your usage limit\) · |\d{3} )/;
/** Limits in words of others: versions before these two, gateways, the API itself to a key. */
const FOREIGN_LIMITS: readonly RegExp[] = [
  /^(?:Claude(?: AI)? )?usage limit reached\b/i,
  /^(?:5-hour|session|weekly|Opus(?: weekly)?|Sonnet) limit reached\b/i,
  /^spend limit reached\b/,
  /^You have reached your specified (?:workspace )?API usage limits\b/,
];
/** A request that was to make room failed, and this is why. */
const COMPACTION_FAILED = /^Prompt is too long · automatic compaction failed: /;

/** The windows of a plan: they always end, also where the text does not say when. */
const PLAN_WINDOW =
  /^You've (?:hit|reached) your (?:(?:5-hour|session|weekly|(?:Opus|Sonnet|Haiku|Fable|Mythos)(?: [\d.]+)?) )?limit\b/;
const ABOUT_MONEY =
  /spend|seat|\borg|credit|admin|budget|group|channel|team|extra usage|monthly|individual|\$0|API usage limits/i;

const LONG_CONTEXT_CREDITS = /^API Error: Usage credits required for 1M context/;
const NOT_YOUR_LIMIT = 'Server is temporarily limiting requests (not your usage limit)';

/** A plan's or a spend limit is used up. */
export function saysLimit(text: string): boolean {
  const said = causeOf(text);
  const repeated = said.replace(REPEATED, '');
  return (
    LIMIT_STARTS.some((start) => said.startsWith(start)) ||
    REQUIRES_CREDITS.test(said) ||
    FOREIGN_LIMITS.some((limit) => limit.test(repeated))
  );
}

/** The limit is one that a person has to lift: spend, seat, organization, credits. */
export function saysMoney(text: string): boolean {
  const said = causeOf(text);
  return !PLAN_WINDOW.test(said) && ABOUT_MONEY.test(said);
}

/** A request too long for the window without extra credits: no reset ends that. */
export function saysLongContextCredits(text: string): boolean {
  return LONG_CONTEXT_CREDITS.test(straight(text));
}

/** A 429 that the agent itself says is none of the plan's. */
export function saysNotYourLimit(text: string): boolean {
  return text.includes(NOT_YOUR_LIMIT);
}

type TextKind = 'auth' | 'billing' | 'config' | 'transient' | 'context' | 'refused';

const BEGINNINGS: readonly (readonly [TextKind, RegExp])[] = [
  ['auth', /^Not logged in\b/],
  ['auth', /^Log(?:in|ged) (?:expired|reached its time limit|out)\b/],
  ['auth', /^Invalid (?:API key|auth)/],
  ['auth', /^(?:Failed to authenticate|OAuth (?:token|session)|Please run \/login)\b/],
  ['auth', /^Your ANTHROPIC_API_KEY belongs to a disabled organization/],
  ['auth', /^API Error: 400 This organization has been disabled/],
  [
    'auth',
    /^Your organization(?: has disabled (?:API key authentication|Claude subscription access)|'s gateway refused)/,
  ],
  ['auth', /^Your account (?:does not have access to Claude|is on hold)/],
  ['auth', /^Your apiKeyHelper script is failing/],
  ['billing', /^Credit balance is too low/],
  ['billing', /^API Error: Usage credits (?:required|ran out)/],
  ['billing', invalidRequest(/(?:You're out of extra usage|Third-party apps now draw from (?:your )?extra usage)\b/)],
  ['config', /^There's an issue with the selected model/],
  ['config', /^Claude Opus is not available with the Claude Pro plan/],
  ['config', /^API Error: (?:\d+ )?Claude Code \S+ (?:does not support this model|is older than|or later is required)/],
  ['config', /^API Error: (?:Invalid URL|"[^"]*" cannot be parsed as a URL)/],
  ['config', /^API Error: Unable to connect to API: (?:SSL|Self-signed) /],
  ['billing', invalidRequest(/The long context beta is not yet available for this subscription\b/)],
  ['context', /^Prompt is too long/],
  ['context', invalidRequest(/input is too long for (?:the )?requested model\b/i)],
  ['context', /^Autocompact is thrashing/],
  ['context', /^Request too large\b/],
  ['context', /^API Error: The model has reached its context window limit/],
  ['context', /^API Error: Claude's response exceeded the [\d,]+ output token maximum/],
  ['refused', /^API Error: .{1,80}safeguards flagged this message/],
  ['refused', /^API Error: Claude Code is unable to respond to this request, which appears to violate/],
  ['refused', invalidRequest(/Output blocked by content filtering policy\b/)],
  ['transient', /^(?:Opus|Fable|Sonnet) is experiencing high load/],
  [
    'transient',
    /^(?:API Error: )?(?:Request timed out|Repeated 529|Connection|Unable to connect|Overloaded|terminated)/,
  ],
  [
    'transient',
    /^API Error: .{0,200}\((?:ECONN[A-Z]*|ConnectionRefused|E[A-Z]*TIMEDOUT|ENOTFOUND|E(?:HOST|NET)UNREACH|EAI_AGAIN|EPIPE)\)/,
  ],
  ['transient', /^API Error: (?:(?:The |Part of the )?[Rr]esponse|Server error mid-|Stream idle|Can't reach the API)/],
  [
    'transient',
    /^API Error: (?:The socket connection was closed|socket hang up|fetch failed|Premature close|terminated\b)/,
  ],
  ['transient', /^API Error: API returned an empty or malformed response/],
  ['transient', /^API Error: Server is temporarily limiting requests \(not your usage limit\)/],
  ['transient', /^API Error: 5\d\d /],
];

/** Of a request that the API calls invalid: its words, or its whole answer as versions before these two repeat it. */
function invalidRequest(beginning: RegExp): RegExp {
  return new RegExp(
    `^API Error: 400 (?:\\{"type":"error","error":\\{.{0,200}?"message":")?${beginning.source}`,
    beginning.flags,
  );
}

/** What a text by itself says of a failure; null for all others. */
export function kindFromText(text: string): TextKind | null {
  const kindOf = (said: string) => BEGINNINGS.find(([, pattern]) => pattern.test(said))?.[0] ?? null;
  return kindOf(causeOf(text)) ?? kindOf(straight(text));
}

/** A conversation that could not be made shorter failed of what kept it from that. */
function causeOf(text: string): string {
  return straight(text).replace(COMPACTION_FAILED, '');
}

/** Some texts have typographic apostrophes. */
function straight(text: string): string {
  return text.replaceAll('’', "'");
}
