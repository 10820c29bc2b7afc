/** A corner of the internet: a documentation or test range of addresses and where GeoIP test databases put it. */
export interface Place {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly asn: number;
  readonly colo: string;
  readonly coloId: number;
  /** The address of a number; any 32-bit number will do. */
  readonly toAddress: (draw: number) => string;
}

const london = { country: 'gb', region: 'ENG', city: 'London', latitude: '51.51420', longitude: '-0.09310', asn: 64496, colo: 'LHR', coloId: 14 };
const linkoping = { country: 'se', region: 'E', city: 'Linköping', latitude: '58.41670', longitude: '15.61670', asn: 64497, colo: 'ARN', coloId: 17 };
const milton = { country: 'us', region: 'WA', city: 'Milton', latitude: '47.25130', longitude: '-122.31490', asn: 64498, colo: 'SEA', coloId: 22 };
const changchun = { country: 'cn', region: '22', city: 'Changchun', latitude: '43.88000', longitude: '125.32280', asn: 64499, colo: 'HKG', coloId: 31 };

/** Addresses that belong to nobody real; a place stands here several times where more traffic comes from it. */
export const PLACES: readonly Place[] = [
  { ...london, toAddress: (draw) => `81.2.69.${142 + (draw % 4)}` },
  { ...london, toAddress: (draw) => `81.2.69.${192 + (draw % 16)}` },
  { ...linkoping, toAddress: (draw) => `89.160.20.${112 + (draw % 16)}` },
  { ...linkoping, toAddress: (draw) => `89.160.20.${128 + (draw % 128)}` },
  { ...milton, toAddress: (draw) => `216.160.83.${56 + (draw % 8)}` },
  { ...milton, toAddress: (draw) => `216.160.83.${56 + (draw % 8)}` },
  { ...changchun, toAddress: (draw) => `175.16.199.${draw % 256}` },
  {
    ...{ country: 'bt', region: '15', city: '', latitude: '27.50000', longitude: '90.50000', asn: 64500, colo: 'DEL', coloId: 52 },
    toAddress: (draw) => `67.43.156.${draw % 256}`,
  },
  {
    ...{ country: 'no', region: '03', city: 'Oslo', latitude: '59.91270', longitude: '10.74610', asn: 64501, colo: 'OSL', coloId: 125 },
    toAddress: (draw) => `2a02:cf40:${((draw >>> 16) % 0xffff || 1).toString(16)}::${(draw & 0xffff || 1).toString(16)}`,
  },
  {
    ...{ country: 'au', region: 'NSW', city: 'Sydney', latitude: '-33.86720', longitude: '151.19970', asn: 64502, colo: 'SYD', coloId: 43 },
    toAddress: (draw) => `1.${128 + ((draw >>> 16) % 32)}.${(draw >>> 8) % 256}.${draw % 256}`,
  },
];
