/** A form for each incoming message, filled in with an example that works. */

import { useEffect, useState } from 'preact/hooks';
import type { ActionAnswer, FormField, Forms, MessageForm } from '../answers.ts';
import { press, useAnswer } from './live.ts';
import { Trouble } from './parts.tsx';
import { link, type Route } from './route.ts';

export function SendView({ route }: { readonly route: Route }) {
  const address = `/api/forms?for=${encodeURIComponent(location.hash)}`;
  const { value: answer, trouble } = useAnswer<Forms>(address);
  const form = answer?.forms.find(({ type }) => type === route.subject) ?? answer?.forms[0];
  if (answer === undefined || form === undefined) {
    return trouble === '' ? <p class="quiet">Reading the forms …</p> : <Trouble words={trouble} />;
  }
  return (
    <>
      <h2>Send a message</h2>
      <nav aria-label="Types of messages">
        <ul>
          {answer.forms.map(({ type }) => (
            <li key={type}>
              <a
                href={link(`send/${type}`)}
                aria-current={type === form.type ? 'page' : undefined}
                data-title={type}
              >
                {type}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Form key={location.hash} form={form} params={route.params} now={answer.now} />
    </>
  );
}

interface FormProps {
  readonly form: MessageForm;
  /** Values in place of the examples, by the names of their fields. */
  readonly params: Readonly<Record<string, string>>;
  readonly now: number;
}

function Form({ form: { type, fields }, params, now }: FormProps) {
  const example = ({ name, isInstant, example: text }: FormField) =>
    params[name] ?? (isInstant ? new Date(now).toISOString() : text);
  const [values, setValues] = useState(() =>
    Object.fromEntries(fields.map((field) => [field.name, example(field)])),
  );
  const [answer, setAnswer] = useState<ActionAnswer>();
  const body = printBody(type, fields, values);
  const send = async (event: Event) => {
    event.preventDefault();
    setAnswer(await press('send', { body }));
  };
  return (
    <form onSubmit={send}>
      <h3>{type}</h3>
      <div class="fields">
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onInput={(text) => setValues({ ...values, [field.name]: text })}
          />
        ))}
      </div>
      <h3 id="body">What will be sent</h3>
      <pre>{body}</pre>
      <div class="tools">
        <button class="main" type="submit">
          Send
        </button>
        <a href={link('feed')}>See what comes of it</a>
        <Answer answer={answer} />
      </div>
    </form>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

function Field({ field: { name, demand, isText }, value, onInput }: FieldProps) {
  return (
    <label>
      {name}
      <input
        value={value}
        inputMode={isText ? 'text' : 'decimal'}
        aria-describedby={`${name}-demand`}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <small id={`${name}-demand`}>{demand}</small>
    </label>
  );
}

/** Numbers are written digit by digit as they were typed; what is no number goes as text, for the authority to refuse. */
function printBody(
  type: string,
  fields: readonly FormField[],
  values: Readonly<Record<string, string>>,
): string {
  const members = fields.map(({ name, isText }) => {
    const value = values[name] ?? '';
    const isNumber = !isText && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
    return `  ${JSON.stringify(name)}: ${isNumber ? value : JSON.stringify(value)}`;
  });
  return `{\n${[`  "type": ${JSON.stringify(type)}`, ...members].join(',\n')}\n}`;
}

/** What came of pressing a button. */
export function Answer({ answer }: { readonly answer: ActionAnswer | undefined }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => setShown(answer !== undefined), [answer]);
  return (
    <span role="status" class={answer?.isGood ? 'good' : 'bad'}>
      {isShown ? answer?.words : ''}
    </span>
  );
}
