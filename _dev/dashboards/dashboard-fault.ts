/** Something in a dashboard that Kibana would not show, or that is not understood here; the message names the place. */
export class DashboardFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DashboardFault';
  }
}
