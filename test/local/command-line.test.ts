import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../lib/local/command-line.ts';
import { StartError } from '../../lib/local/start-error.ts';

describe('The command line of npm start', () => {
  it('has a default for everything', () => {
    expect(parseCommandLine([], {})).toStrictEqual({
      port: 4566,
      dynamoDbPort: 8000,
      dir: '.local',
      fresh: false,
      dynamoDbEndpoint: undefined,
      daysAhead: 0,
      allowsUnsafeSettings: false,
      isQuiet: false,
      peers: undefined,
      consolePort: { port: 4580, isUsual: true },
    });
  });

  it('takes every flag', () => {
    const args =
      '--port 0 --dynamodb-port=18000 --dir /tmp/x --fresh --dynamodb-endpoint http://127.0.0.1:8001 --days-ahead 4.5 --allow-unsafe-settings --quiet --peers network/authority --stomp-port 0 --console-port 0';
    expect(parseCommandLine(args.split(' '))).toStrictEqual({
      port: 0,
      dynamoDbPort: 18000,
      dir: '/tmp/x',
      fresh: true,
      dynamoDbEndpoint: 'http://127.0.0.1:8001',
      daysAhead: 4.5,
      allowsUnsafeSettings: true,
      isQuiet: true,
      peers: { folder: 'network/authority', stompPort: 0 },
      consolePort: { port: 0, isUsual: false },
    });
  });

  it('takes the other DynamoDB from the environment, unless the flag names one', () => {
    const environment = { LOCAL_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8002' };
    const endpointOf = (...args: string[]) => {
      const options = parseCommandLine(args, environment);
      return options === 'help' ? options : options.dynamoDbEndpoint;
    };
    expect(endpointOf()).toBe('http://127.0.0.1:8002');
    expect(endpointOf('--dynamodb-endpoint', 'http://127.0.0.1:8001')).toBe('http://127.0.0.1:8001');
    expect(() => parseCommandLine([], { LOCAL_DYNAMODB_ENDPOINT: 'here' })).toThrow(
      new StartError('LOCAL_DYNAMODB_ENDPOINT is "here"; it must be like http://127.0.0.1:8000.'),
    );
  });

  it('listens to peers on the port of the examples, and to nobody without peers', () => {
    expect(parseCommandLine(['--peers', 'x'])).toMatchObject({ peers: { folder: 'x', stompPort: 1234 } });
    expect(() => parseCommandLine(['--stomp-port', '1'])).toThrow('--stomp-port needs --peers.');
  });

  it('asks for help', () => {
    expect(parseCommandLine(['--fresh', '--help'])).toBe('help');
  });

  it.each([
    ['an unknown flag', ['--prot', '1'], "Unknown option '--prot'; see --help."],
    ['what is no flag', ['now'], "Unexpected argument 'now'; see --help."],
    ['a flag without its value', ['--dir'], "Option '--dir <value>' argument missing; see --help."],
    ['a port that is none', ['--port', 'x'], '--port is "x"; it must be a port number from 0 to 65535.'],
    [
      'a port that is too large',
      ['--dynamodb-port', '65536'],
      '--dynamodb-port is "65536"; it must be a port number from 0 to 65535.',
    ],
    [
      'days that are no number',
      ['--days-ahead', 'soon'],
      '--days-ahead is "soon"; it must be a number from 0 to 36525.',
    ],
    [
      'an endpoint that is none',
      ['--dynamodb-endpoint', 'localhost:8000'],
      '--dynamodb-endpoint is "localhost:8000"; it must be like http://127.0.0.1:8000.',
    ],
  ])('refuses %s', (_case, args, message) => {
    expect(() => parseCommandLine(args)).toThrow(new StartError(message));
  });
});
