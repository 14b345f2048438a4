// The login as it is now: a token that a person stores while a run waits for it counts from the next attempt on.
import { ConfigError } from '../config/config-error.ts';
import { createRedactor, type Redactor } from '../text/redact.ts';
import { type AgentLogin, type LoginOptions, loadLogin, secretValues } from './agent-login.ts';

export class LoginKeeper {
  readonly #options: LoginOptions;
  readonly #person: NodeJS.ProcessEnv;
  /** All that this supervisor ever knew: what was handed out once may still turn up. */
  readonly #secrets = new Set<string>();
  #current: AgentLogin;
  #redactor: Redactor = createRedactor([]);

  private constructor(options: LoginOptions, person: NodeJS.ProcessEnv, login: AgentLogin) {
    this.#options = options;
    this.#person = person;
    this.#current = login;
    this.#remember(login);
  }

  /** @throws ConfigError when something that was asked for cannot be had */
  static async open(options: LoginOptions, person: NodeJS.ProcessEnv): Promise<LoginKeeper> {
    return new LoginKeeper(options, person, await loadLogin(options, person));
  }

  /** For a run that goes on: it may be followed without its secrets, only nothing new can start. */
  static async reopen(options: LoginOptions, person: NodeJS.ProcessEnv): Promise<LoginKeeper> {
    return new LoginKeeper(options, person, await loadOrMiss(options, person));
  }

  get current(): AgentLogin {
    return this.#current;
  }

  /** Takes this run's secrets out of a text. */
  readonly redact: Redactor = (text) => this.#redactor(text);

  /** Looks again. */
  async refresh(): Promise<AgentLogin> {
    this.#current = await loadOrMiss(this.#options, this.#person);
    this.#remember(this.#current);
    return this.#current;
  }

  #remember(login: AgentLogin): void {
    for (const secret of secretValues(login)) this.#secrets.add(secret);
    this.#redactor = createRedactor([...this.#secrets]);
  }
}

async function loadOrMiss(options: LoginOptions, person: NodeJS.ProcessEnv): Promise<AgentLogin> {
  try {
    return await loadLogin(options, person);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      credential: { source: 'none' },
      person,
      extra: {},
      whoPays: 'nobody',
      present: false,
      missing: error.message,
    };
  }
}
