import {
  CancellationDetails,
  CancellationErrorCode,
  type SpeechSynthesisResult,
} from 'microsoft-cognitiveservices-speech-sdk';
import {
  AuthenticationError,
  ConnectionError,
  ProviderError,
  RateLimitError,
  StalledReplyError,
} from '../../src/errors.js';
import { httpFailure } from '../../src/providerFailure.js';

const provider = 'azure-speech';

/** The typed error of a synthesis that the SDK calls canceled. */
export function canceled(result: SpeechSynthesisResult): ProviderError {
  const { ErrorCode, errorDetails } = CancellationDetails.fromResult(result);
  return azureFailure(errorDetails, ErrorCode);
}

/** The typed error of what the SDK says: it has no status, but its text quotes the one of a refused handshake. */
export function azureFailure(
  details: unknown,
  code = CancellationErrorCode.ConnectionFailure,
): ProviderError {
  const said = String(details).replace(/\s+/g, ' ').slice(0, 500);
  const status = Number(/server response: (\d{3})/.exec(said)?.[1] ?? NaN);
  if (status >= 400) return httpFailure({ provider, status, message: said });
  const message = `${provider}: ${said}`;
  const tooMany = 4429;
  if (code === CancellationErrorCode.TooManyRequests || said.includes(`error code: ${tooMany}`)) {
    return new RateLimitError(message, { provider });
  }
  switch (code) {
    case CancellationErrorCode.AuthenticationFailure:
      return new AuthenticationError(message, { provider });
    case CancellationErrorCode.BadRequestParameters:
      return new ProviderError(message, { provider, status: 400 });
    case CancellationErrorCode.Forbidden:
      return new ProviderError(message, { provider, status: 403 });
    case CancellationErrorCode.ServiceTimeout:
      return new StalledReplyError(message, { provider });
    case CancellationErrorCode.ServiceError:
    case CancellationErrorCode.RuntimeError:
      return new ProviderError(message, { provider, retryable: true });
    default:
      return new ConnectionError(message, { provider });
  }
}
